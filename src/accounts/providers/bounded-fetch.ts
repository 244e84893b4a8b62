/** An answer of a provider is at most this long, in bytes. */
const LONGEST = 256 * 1_024;

/** A provider has this long to answer a request, in milliseconds. Four of them are answered within half a minute. */
const PATIENCE = 7_000;

/** An answer of a provider is too long. */
export class AnswerTooLong extends Error {}

/**
 * `fetch` for requests to a provider: it follows no redirect, and gives up on an answer that is too long or too slow, whatever
 * its headers say.
 */
export async function boundedFetch(
  url: string,
  options: { readonly signal?: AbortSignal | undefined } & Omit<RequestInit, 'signal'>,
): Promise<Response> {
  const patience = AbortSignal.timeout(PATIENCE);
  const response = await fetch(url, {
    ...options,
    headers: { ...Object.fromEntries(new Headers(options.headers)), 'user-agent': 'Gatehouse' },
    redirect: 'manual',
    signal: options.signal ? AbortSignal.any([options.signal, patience]) : patience,
  });
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of response.body ?? []) {
    length += chunk.length;
    if (length > LONGEST) throw new AnswerTooLong(`An answer of more than ${LONGEST} bytes`);
    chunks.push(chunk);
  }
  const { status, statusText, headers } = response;
  const isEmpty = [101, 204, 205, 304].includes(status);
  return new Response(isEmpty ? null : Buffer.concat(chunks), { status, statusText, headers });
}
