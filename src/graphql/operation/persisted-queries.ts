import { createHash } from 'node:crypto';
import { ApiError } from '../../common/errors.ts';
import { createDocumentStore } from './document-store.ts';

/**
 * How clients can send the hash of a document. `auto`: clients register documents (Apollo's automatic persisted queries).
 * `only`: the server executes these documents only, by their hash.
 */
export type PersistedQueriesMode =
  | { readonly mode: 'auto' }
  | { readonly mode: 'off' }
  | { readonly mode: 'only'; readonly documents: ReadonlyMap<string, string> };

/** The parameters of a request that identify its document. */
export interface RequestedDocument {
  readonly query?: string | null | undefined;
  readonly extensions?: unknown;
}

export interface FoundDocument {
  /** The text of the document; undefined when the request has neither text nor hash. */
  readonly query: string | undefined;
  /**
   * Registers the document on behalf of its client's network. Called when the document is executed. Undefined when there is
   * nothing to register.
   */
  readonly keep?: (network: string) => void;
}

export interface PersistedQueries {
  /**
   * Finds the document of a request.
   *
   * @throws ApiError PERSISTED_QUERY_NOT_FOUND, PERSISTED_QUERY_NOT_SUPPORTED, PERSISTED_QUERY_ONLY; BAD_REQUEST for an invalid
   * hash, or one of another document.
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
          throw new ApiError('BAD_REQUEST', 'provided sha does not match query'); // Apollo's message
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
      // Text with a hash is refused too, unless it is that very document: the server would execute something else.
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

/** Nothing to register. */
function asItIs(query: RequestedDocument['query']): FoundDocument {
  return { query: query ?? undefined };
}

/** `extensions.persistedQuery` of a request, if it has one. */
function hashIn(extensions: unknown): { readonly version?: unknown; readonly sha256Hash?: unknown } | undefined {
  const named = isObject(extensions) ? extensions['persistedQuery'] : undefined;
  return isObject(named) ? named : undefined;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
