// Before each run: what the tests start as a process is built of the sources as they are now.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

export default async function setup(): Promise<void> {
  await promisify(execFile)(process.execPath, ['scripts/prepare.mjs', '--build', '--tests']);
}
