/*
 * A documentId can be any text: of a table that was there before, it is a column of it. In an address stands the documentId itself
 * where no part of the way (a browser, a proxy, the router) reads anything else into it; others are in base64url, after a `~`.
 */

const ITSELF = /^[\w-]+(?:\.[\w-]+)*$/;

/** The address of a document of a type. */
export function documentAddress(type: string, documentId: string): string {
  const isSafe = ITSELF.test(documentId) && documentId !== 'new';
  return `/content/${type}/${isSafe ? documentId : `~${encoded(documentId)}`}`;
}

/** The documentId in the last part of an address; undefined for `new`. */
export function documentIdIn(part: string): string | undefined {
  if (part === 'new') return undefined;
  return part.startsWith('~') ? decoded(part.slice(1)) : part;
}

function encoded(text: string): string {
  const bytes = [...new TextEncoder().encode(text)].map((byte) => String.fromCharCode(byte));
  return btoa(bytes.join('')).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

/** What somebody wrote into the address themselves is the documentId of no document. */
function decoded(written: string): string {
  try {
    const bytes = atob(written.replaceAll('-', '+').replaceAll('_', '/'));
    return new TextDecoder().decode(Uint8Array.from(bytes, (byte) => byte.charCodeAt(0)));
  } catch {
    return `~${written}`;
  }
}
