import { readFileSync } from 'node:fs';
import { GraphQLError } from 'graphql';
import type { DocumentReader } from './document-reader.ts';

/**
 * Reads a file of trusted documents: a JSON object of documents by their hash, as the client preset of GraphQL Code Generator
 * writes it (`persistedDocuments`).
 *
 * @throws Error whose message says what is wrong with the file.
 */
export function readTrustedDocuments(path: string): ReadonlyMap<string, string> {
  const read = parsed(textOf(path));
  const entries = typeof read === 'object' && read !== null && !Array.isArray(read) ? Object.entries(read) : [];
  if (entries.length === 0) throw new Error('it is no object of documents by their hashes');
  const wrong = entries.find(([hash, document]) => hash === '' || typeof document !== 'string' || document === '');
  if (wrong) throw new Error(`what is under ${JSON.stringify(wrong[0].slice(0, 80))} is no document`);
  return new Map(entries as [string, string][]); // checked above
}

/** The hashes of the documents that are not valid for the current schema. */
export function invalidDocuments(documents: ReadonlyMap<string, string>, reader: DocumentReader): string[] {
  const isValid = (document: string) => {
    try {
      return reader.validate(reader.parse(document)).length === 0;
    } catch (error) {
      if (error instanceof GraphQLError) return false;
      throw error;
    }
  };
  return [...documents].filter(([, document]) => !isValid(document)).map(([hash]) => hash);
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new Error(`it cannot be read (${(error as NodeJS.ErrnoException).code})`); // errors of Node have a code
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch {
    throw new Error('it is not JSON');
  }
}
