import type { DocumentNode } from 'graphql';
import { LRUCache } from 'lru-cache';

/** Longer documents, in characters, are not cached. */
const MAX_DOCUMENT = 10_000;
/** Characters of all documents together. A parsed document takes about two hundred times its source. */
const MAX_TOGETHER = 250_000;

/**
 * An LRU cache of parsed documents by their source. Limited by size, not by number: anybody can send documents, and a thousand
 * documents of a megabyte would exhaust the memory.
 */
export function createDocumentCache() {
  return new LRUCache<string, DocumentNode>({
    maxSize: MAX_TOGETHER,
    maxEntrySize: MAX_DOCUMENT,
    sizeCalculation: (_document, source) => Math.max(1, source.length),
  });
}
