/** What came back for one operation. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: an answer has the shape that its document asked for
  readonly data: any;
  readonly errors: readonly AnswerError[] | undefined;
  /** The body as it came. */
  readonly text: string;
}

export interface AnswerError {
  readonly message: string;
  readonly path?: readonly (string | number)[];
  readonly extensions: {
    readonly code: string;
    readonly reason?: string;
    readonly requestId?: string;
    readonly retryAfter?: number;
    readonly challenge?: string;
    readonly methods?: readonly string[];
    readonly error: {
      readonly name: string;
      readonly message: string;
      readonly details: {
        readonly action?: string;
        readonly errors?: readonly {
          readonly path: readonly string[];
          readonly message: string;
          readonly name: string;
        }[];
      };
    };
  };
}

export interface AskOptions {
  readonly variables?: Readonly<Record<string, unknown>> | undefined;
  /** Sent as `Authorization: Bearer …`. */
  readonly token?: string | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

/** Sends an operation the way clients do. */
export async function send(
  url: string,
  query: string,
  { variables, token, headers }: AskOptions = {},
): Promise<Answer> {
  const response = await fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'application/json',
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...headers,
    },
    body: JSON.stringify({ query, variables }),
  });
  const text = await response.text();
  const body = JSON.parse(text) as { data?: unknown; errors?: AnswerError[] };
  return { status: response.status, headers: response.headers, data: body.data, errors: body.errors, text };
}
