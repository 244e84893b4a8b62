/** The bytes of all documents together. */
const ALTOGETHER = 4 * 1024 * 1024;
/** A document counts as so many bytes at least, so that their number is bounded, too: by 2,048. */
const AT_LEAST = 2 * 1024;
/** Bytes of one document, above which it is not kept. */
const LONGEST = 100 * 1024;

export interface DocumentStore {
  get(hash: string): string | undefined;
  /** Keeps a document on behalf of a network, that of the client that sent it. */
  set(hash: string, text: string, network: string): void;
}

/**
 * Documents by their hash, bounded by bytes and by number. When there is no room, whoever keeps most gives up the one that
 * was not used for longest: so a stranger who fills the store pushes out documents of their own, and not everybody's.
 */
export function createDocumentStore(): DocumentStore {
  const documents = new Map<string, { readonly text: string; readonly network: string; readonly size: number }>();
  /** What each network keeps: its documents from the longest unused on, and their size. */
  const kept = new Map<string, { size: number; readonly hashes: Set<string> }>();
  let size = 0;

  function drop(hash: string): void {
    const document = documents.get(hash);
    if (!document) return;
    documents.delete(hash);
    size -= document.size;
    const share = kept.get(document.network);
    if (!share) return;
    share.size -= document.size;
    share.hashes.delete(hash);
    if (share.hashes.size === 0) kept.delete(document.network);
  }

  return {
    get(hash) {
      const document = documents.get(hash);
      const hashes = document && kept.get(document.network)?.hashes;
      hashes?.delete(hash); // to the end: the first one is the longest unused
      hashes?.add(hash);
      return document?.text;
    },
    set(hash, text, network) {
      const bytes = Buffer.byteLength(text);
      if (bytes > LONGEST || documents.has(hash)) return;
      const document = { text, network, size: Math.max(bytes, AT_LEAST) };
      documents.set(hash, document);
      size += document.size;
      const share = kept.get(network) ?? { size: 0, hashes: new Set() };
      kept.set(network, share);
      share.size += document.size;
      share.hashes.add(hash);
      while (size > ALTOGETHER) {
        const most = [...kept.values()].reduce((one, other) => (other.size > one.size ? other : one));
        const [oldest] = most.hashes;
        if (oldest === undefined) break;
        drop(oldest);
      }
    },
  };
}
