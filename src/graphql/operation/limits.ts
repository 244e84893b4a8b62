/**
 * How large an operation may be, far above what clients send and far below what hurts. Each of them is counted with every
 * fragment in the place where it is spread, and for the largest definition of the document.
 */
export interface Limits {
  /** Of the whole document. */
  readonly tokens: number;
  /** Fields in each other. */
  readonly depth: number;
  readonly fields: number;
  readonly aliases: number;
  readonly rootFields: number;
  /** Of one field, fragment or operation. */
  readonly directives: number;
  /** Rows of the largest page of a list; `limit: -1` asks for so many. */
  readonly page: number;
  /** Values in its variables: entries of lists and of objects, whatever they are in. */
  readonly input: number;
  /** Bytes of an answer. */
  readonly answer: number;
  /** What it may come to: fields, each list counted by its page, and what its arguments hold. */
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
