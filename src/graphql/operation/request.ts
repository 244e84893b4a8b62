/** A request that is to be executed: its sender is known, and its body is within bounds. */
export interface OperationRequest {
  readonly method: string;
  /** With its query: `/graphql?query=…`. */
  readonly url: string;
  /** The media type of the answer. */
  readonly accept: string;
  /** Of a POST. */
  readonly body: string | undefined;
}
