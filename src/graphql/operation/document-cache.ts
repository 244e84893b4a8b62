import type { DocumentNode } from 'graphql';

/** Characters of source of one document, above which it is parsed anew each time. */
const LONGEST = 10_000;
/** Characters of source of all documents together. A parsed document takes some two hundred times its source. */
const ALTOGETHER = 250_000;

/**
 * Parsed documents by their source, the latest used ones. Bounded by size and not by number: what strangers send is kept
 * here, and a thousand documents of a megabyte would be the end of the process.
 */
export function createDocumentCache() {
  const documents = new Map<string, DocumentNode>();
  let size = 0;

  function drop(source: string): void {
    if (documents.delete(source)) size -= source.length;
  }

  return {
    get(source: string): DocumentNode | undefined {
      const document = documents.get(source);
      if (document) {
        documents.delete(source); // to the end: the first one is the longest unused
        documents.set(source, document);
      }
      return document;
    },
    set(source: string, document: DocumentNode): void {
      if (source.length > LONGEST) return;
      drop(source);
      documents.set(source, document);
      size += source.length;
      for (const oldest of documents.keys()) {
        if (size <= ALTOGETHER) break;
        drop(oldest);
      }
    },
  };
}
