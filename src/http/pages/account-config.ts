import type { DocumentName } from './documents.ts';
import type { Words } from './words/en.ts';

/** What the script of the account pages gets from the server, in the page. Everybody can read it. */
export interface AccountPageConfig {
  /** The path at which clients reach this server: `/auth`, or nothing. */
  readonly front: string;
  readonly language: string;
  readonly words: Words;
  /** What the API says, and what to say instead in this language. */
  readonly messages: Readonly<Record<string, string>>;
  /** What visitors can do here. */
  readonly can: Readonly<Record<VisitorsAct, boolean>>;
  /** Whether a session outlives the page, in a cookie that the script cannot read. */
  readonly cookie: boolean;
  /** The domain of passkeys; null on a server without them. */
  readonly passkeysOf: string | null;
  /** The hashes of the documents, on a server that executes trusted documents only; null on others. */
  readonly hashes: Readonly<Partial<Record<DocumentName, string>>> | null;
  /** The page that a login returns to; null for the account itself. The server has checked it. */
  readonly returnTo: string | null;
  /** Where a login with a provider ends: the page for logging in. */
  readonly loginPage: string;
}

export type VisitorsAct = 'register' | 'forgotPassword' | 'loginWithCode' | 'loginWithPasskey' | 'connect';
