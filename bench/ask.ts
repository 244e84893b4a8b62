import { isDeepStrictEqual } from 'node:util';

/** An operation and who asks it. */
export interface Question {
  readonly query: string;
  readonly variables?: Readonly<Record<string, unknown>>;
  readonly token?: string;
}

/** What a server said: the bytes, and the headers that Node does not add by itself. */
export interface Answer {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** A server answered something else than it should have: what was measured with it means nothing. */
export class WrongAnswer extends Error {
  constructor(what: string, found: string) {
    super(`${what}: the answer is wrong\n${found.slice(0, 600)}`);
    this.name = 'WrongAnswer';
  }
}

/** The headers and body that a client sends a question with. */
export function requestOf({ query, variables, token }: Question) {
  return {
    headers: {
      'content-type': 'application/json',
      accept: 'application/json',
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify({ query, variables }),
  };
}

/**
 * Asks once, and gives the answer if it is the expected data, whole.
 *
 * @throws WrongAnswer for another status than 200, for GraphQL errors, and for any other data.
 */
export async function ask(name: string, url: string, question: Question, expected: unknown): Promise<Answer> {
  const answer = await send(name, url, question);
  if (!isDeepStrictEqual(JSON.parse(blanked(answer.body)), { data: expected }))
    throw new WrongAnswer(name, answer.body);
  return answer;
}

/** Asks once for something that is not measured but needed. */
export async function dataOf(url: string, question: Question): Promise<unknown> {
  const { body } = await send(question.query, url, question);
  const { data, errors } = JSON.parse(body) as { readonly data?: unknown; readonly errors?: unknown };
  if (errors !== undefined) throw new WrongAnswer(question.query, body);
  return data;
}

/** The answer with `*` for what differs each time it is given: the names that the server makes up. */
export function blanked(body: string): string {
  return body.replace(MADE_UP, '"$1":"*"');
}

const MADE_UP = /"(documentId|jwt)":"(?:[a-z0-9]{20,32}|[\w-]{20,}\.[\w-]{20,}\.[\w-]{43})"/g;

async function send(name: string, url: string, question: Question): Promise<Answer> {
  const response = await fetch(url, { method: 'POST', ...requestOf(question) });
  const body = await response.text();
  if (response.status !== 200) throw new WrongAnswer(`${name} (HTTP ${response.status})`, body);
  const headers = Object.fromEntries([...response.headers].filter(([header]) => !ADDED_BY_NODE.has(header)));
  return { headers, body };
}

const ADDED_BY_NODE = new Set(['connection', 'content-length', 'date', 'keep-alive', 'transfer-encoding']);
