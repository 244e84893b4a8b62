import { readFileSync } from 'node:fs';

/** How this server is set up, as far as administrators have to know it. Nothing of it is secret. */
export interface ServerInfo {
  readonly production: boolean;
  readonly publicUrl: string;
  /** Whether mails are sent. Without a mail server they are written to the mail folder. */
  readonly mailServer: boolean;
  /** Whether GraphiQL is served. */
  readonly playground: boolean;
  readonly version: string;
}

/** The version in package.json, which is beside src/ and beside dist/. */
export function readVersion(): string {
  const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
    readonly version: string;
  };
  return version;
}
