import type { DocumentNode } from 'graphql';
import { LRUCache } from 'lru-cache';

/** Characters of source of one document, above which it is parsed anew each time. */
const MAX_DOCUMENT = 10_000;
/** Characters of source of all documents together. A parsed document takes some two hundred times its source. */
const MAX_TOGETHER = 250_000;

/**
 * Parsed documents by their source, the most recently used ones. Bounded by size and not by number: what strangers send is
 * kept here, and a thousand documents of a megabyte would be the end of the process.
 */
export function createDocumentCache() {
  return new LRUCache<string, DocumentNode>({
    maxSize: MAX_TOGETHER,
    maxEntrySize: MAX_DOCUMENT,
    sizeCalculation: (_document, source) => Math.max(1, source.length),
  });
}
