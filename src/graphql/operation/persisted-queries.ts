import { createHash } from 'node:crypto';
import { ApiError } from '../../common/errors.ts';
import { createDocumentStore } from './document-store.ts';

/**
 * Whether documents are known by their hash. `auto`: clients teach the server those that they use, as Apollo speaks it.
 * `only`: these documents, by the name that each has here, and no other.
 */
export type PersistedQueriesMode =
  | { readonly mode: 'auto' }
  | { readonly mode: 'off' }
  | { readonly mode: 'only'; readonly documents: ReadonlyMap<string, string> };

/** What a request says of its document. */
export interface RequestedDocument {
  readonly query?: string | null | undefined;
  readonly extensions?: unknown;
}

export interface FoundDocument {
  /** The text to be run; undefined where there is none, and no hash either. */
  readonly query: string | undefined;
  /**
   * To be called once the document was not refused, with the network of its client, for each of which what is kept is
   * bounded. Undefined for what is not to be kept.
   */
  readonly keep?: (network: string) => void;
}

export interface PersistedQueries {
  /**
   * The document of a request. It is looked for before anything is parsed.
   *
   * @throws ApiError PERSISTED_QUERY_NOT_FOUND, PERSISTED_QUERY_NOT_SUPPORTED, PERSISTED_QUERY_ONLY; BAD_REQUEST for a hash
   * that is none, or is another document's.
   */
  find(asked: RequestedDocument): FoundDocument;
}

export function createPersistedQueries(options: PersistedQueriesMode): PersistedQueries {
  if (options.mode === 'only') return onlyOf(options.documents);
  if (options.mode === 'off') return OFF;
  const store = createDocumentStore();
  return {
    find({ query, extensions }) {
      const named = hashIn(extensions);
      if (!named) return asItIs(query);
      if (named.version !== 1) throw new ApiError('BAD_REQUEST', 'Unsupported persisted query version');
      const hash = typeof named.sha256Hash === 'string' ? named.sha256Hash.toLowerCase() : '';
      if (!/^[0-9a-f]{64}$/.test(hash)) throw new ApiError('BAD_REQUEST', 'sha256Hash is not a SHA-256 hash');
      if (query != null && query !== '') {
        if (createHash('sha256').update(query).digest('hex') !== hash) {
          throw new ApiError('BAD_REQUEST', 'provided sha does not match query'); // in Apollo's words
        }
        return { query, keep: (network) => store.set(hash, query, network) };
      }
      const known = store.get(hash);
      if (known === undefined) throw notFound();
      return asItIs(known);
    },
  };
}

const OFF: PersistedQueries = {
  find({ query, extensions }) {
    if (hashIn(extensions) && (query == null || query === '')) {
      throw new ApiError('PERSISTED_QUERY_NOT_SUPPORTED', 'PersistedQueryNotSupported');
    }
    return asItIs(query);
  },
};

function onlyOf(documents: ReadonlyMap<string, string>): PersistedQueries {
  return {
    find({ query, extensions }) {
      const named = hashIn(extensions);
      // A text that came with a hash is refused, too, unless it is the very document: it would not be what is run.
      const known = typeof named?.sha256Hash === 'string' ? documents.get(named.sha256Hash) : undefined;
      const sendsText = query != null && query !== '';
      if (!named || (sendsText && query !== known)) {
        throw new ApiError('PERSISTED_QUERY_ONLY', 'Only trusted documents are run here: send the hash of one');
      }
      if (known === undefined) throw notFound();
      return asItIs(known);
    },
  };
}

function notFound(): ApiError {
  return new ApiError('PERSISTED_QUERY_NOT_FOUND', 'PersistedQueryNotFound');
}

/** What is not to be kept. */
function asItIs(query: RequestedDocument['query']): FoundDocument {
  return { query: query ?? undefined };
}

/** What a request says of a hash, `extensions.persistedQuery`; undefined where it names none. */
function hashIn(extensions: unknown): { readonly version?: unknown; readonly sha256Hash?: unknown } | undefined {
  const named = isObject(extensions) ? extensions['persistedQuery'] : undefined;
  return isObject(named) ? named : undefined;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
