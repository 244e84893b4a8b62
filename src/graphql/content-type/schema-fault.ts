import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { getCallSites } from 'node:util';
import { StartRefused } from '../../common/start-refused.ts';

/** What makes a content type one that cannot be served, in lines of `src/app/content/post.ts: what is wrong and what to do`. */
export class SchemaFault extends StartRefused {}

/** The file that called the function that asks, from the directory of this project. */
export function callingFile(asking: string): string {
  const files = getCallSites(20).map(({ scriptName }) =>
    scriptName.startsWith('file:') ? fileURLToPath(scriptName) : scriptName,
  );
  const file = files.slice(1).find((name) => name !== asking && !name.startsWith('node:'));
  return file === undefined ? 'a content type' : relative(process.cwd(), file);
}
