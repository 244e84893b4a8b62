import { StartRefused } from '../common/start-refused.ts';

/** A server of tests has cheap hashes and keeps mails where everybody in the process can read them. */
export class NotForProduction extends StartRefused {}

/** @throws NotForProduction in a process of production. */
export function refuseProduction(what: string): void {
  if (process.env['NODE_ENV'] === 'production') {
    throw new NotForProduction(`${what} cannot run with NODE_ENV=production`);
  }
}
