/** The maximum size of all documents together, in bytes. */
const ALTOGETHER = 4 * 1024 * 1024;
/** Each document counts as this many bytes at least, which limits their number to 2,048. */
const AT_LEAST = 2 * 1024;
/** Longer documents, in bytes, are not stored. */
const LONGEST = 100 * 1024;

export interface DocumentStore {
  get(hash: string): string | undefined;
  /** Stores a document on behalf of its client's network. */
  set(hash: string, text: string, network: string): void;
}

/**
 * Documents by their hash, limited by bytes and by number. A full store evicts the least recently used document of the network
 * that uses most of it: a client that floods the store evicts its own documents, not those of others.
 */
export function createDocumentStore(): DocumentStore {
  const documents = new Map<string, { readonly text: string; readonly network: string; readonly size: number }>();
  /** The documents of each network, least recently used first, and their size. */
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
      hashes?.delete(hash); // moves it to the end, as the most recently used
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
