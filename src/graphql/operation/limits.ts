/**
 * The limits of an operation, far above what clients send. Numbers are counted with each fragment expanded where it is spread, and
 * for the largest definition of the document.
 */
export interface Limits {
  /** Of the whole document. */
  readonly tokens: number;
  /** Levels of nested fields. */
  readonly depth: number;
  readonly fields: number;
  readonly aliases: number;
  readonly rootFields: number;
  /** Of one field, fragment or operation. */
  readonly directives: number;
  /** The maximum page size of a list, and the page size for `limit: -1`. */
  readonly page: number;
  /** Values in its variables: entries of lists and objects at any level. */
  readonly input: number;
  /** Bytes of an answer. */
  readonly answer: number;
  /** The maximum cost (cost.ts). */
  readonly cost: number;
}

export const DEFAULT_LIMITS: Limits = {
  tokens: 10_000,
  depth: 20,
  fields: 3_000,
  aliases: 300,
  rootFields: 200,
  directives: 10,
  page: 100,
  input: 5_000,
  answer: 16 * 1024 * 1024,
  cost: 50_000,
};
