import type { IncomingMessage } from 'node:http';
import { MIMEType } from 'node:util';
import { ApiError, badInput, refuse } from '../../common/errors.ts';
import { valueError } from '../../graphql/operation/check-input.ts';
import { countValues } from '../count-values.ts';
import { PREFLIGHTED } from '../graphql-request.ts';
import { JSON_TYPE } from '../media-type.ts';

/** The JSON object of a request's body, unchecked. */
export type RestBody = Readonly<Record<string, unknown>>;

/** No path needs more. Parsing a megabyte of small values is slow. */
const MAX_VALUES = 100;

/**
 * The JSON object in the body of a request; an empty object for an empty body.
 *
 * Only JSON is accepted: another site's form can send the other types, and the answer may set a cookie.
 *
 * @throws ApiError UNSUPPORTED_MEDIA_TYPE for anything but JSON in UTF-8, BAD_REQUEST for anything but a JSON object, CSRF
 * for an empty body that another site could send, and as `valueError` for its values.
 */
export function readRestBody(request: IncomingMessage, text: string): RestBody {
  const { 'content-type': type } = request.headers;
  if (text === '' && type === undefined) {
    if (!PREFLIGHTED.some((name) => name in request.headers)) throw crossSite();
    return {};
  }
  if (!isJson(type)) throw new ApiError('UNSUPPORTED_MEDIA_TYPE', `Send ${JSON_TYPE} in UTF-8`);
  if (text === '') return {};
  if (countValues(text, MAX_VALUES) > MAX_VALUES) throw badInput('The body has too many values');
  const body = parsed(text);
  if (typeof body !== 'object' || body === null || Array.isArray(body)) throw notAnObject();
  // As for variables: the database does not store every string, and would take different passwords for the same.
  const error = valueError(body);
  if (error) throw error;
  return body as RestBody;
}

/**
 * The strings under these names; an empty string for each that is absent, so that validation reports it as required.
 *
 * @throws ApiError BAD_USER_INPUT with each value that is not a string.
 */
export function textsIn<const Name extends string>(body: RestBody, ...names: readonly Name[]): Record<Name, string> {
  const found = names.map((name) => [name, valueIn(body, name) ?? ''] as const);
  refuse(
    found
      .filter(([, value]) => typeof value !== 'string')
      .map(([name]) => ({ path: [name], message: `${name} must be a string` })),
  );
  return Object.fromEntries(found) as Record<Name, string>; // none of them is anything else
}

/**
 * The strings and nulls under those of these names that the body has.
 *
 * @throws ApiError BAD_USER_INPUT with each value of another type.
 */
export function givenTextsIn<const Name extends string>(
  body: RestBody,
  ...names: readonly Name[]
): Partial<Record<Name, string | null>> {
  const given = names.filter((name) => valueIn(body, name) !== undefined);
  const nulls = given.filter((name) => body[name] === null);
  const texts = textsIn(body, ...given.filter((name) => body[name] !== null));
  return { ...texts, ...Object.fromEntries(nulls.map((name) => [name, null])) } as Partial<Record<Name, string | null>>;
}

/** @throws ApiError BAD_USER_INPUT when the body has any other name than these. */
export function refuseOthers(body: RestBody, ...names: readonly string[]): void {
  const others = Object.keys(body).filter((name) => !names.includes(name));
  if (others.length > 0) throw badInput(`Invalid parameters: ${others.map(shown).join(', ')}`);
}

/** Anything but a plain name is not repeated: it may be a secret. */
function shown(name: string): string {
  return /^[A-Za-z_]\w{0,31}$/.test(name) ? name : '…';
}

/** Own properties only, nothing inherited from `Object`. */
function valueIn(body: RestBody, name: string): unknown {
  return Object.hasOwn(body, name) ? body[name] : undefined;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw notAnObject(); // the parser's message quotes the text
  }
}

function isJson(type = ''): boolean {
  try {
    const { essence, params } = new MIMEType(type);
    const charset = params.get('charset') ?? 'utf-8';
    return essence === JSON_TYPE && ['utf-8', 'utf8', 'us-ascii'].includes(charset.toLowerCase());
  } catch {
    return false; // not a media type
  }
}

function notAnObject(): ApiError {
  return new ApiError('BAD_REQUEST', 'The body of a request has to be a JSON object');
}

function crossSite(): ApiError {
  return new ApiError(
    'CSRF',
    'This request could have been sent by another site: send application/json, or a header such as X-Requested-With',
  );
}
