import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { getCallSites } from 'node:util';

/** The source of the file that called into `callee`, relative to the application's folder. */
export function callingFile(callee: string): string {
  const files = getCallSites(20).map(({ scriptName }) =>
    scriptName.startsWith('file:') ? fileURLToPath(scriptName) : scriptName,
  );
  const file = files.slice(1).find((name) => name !== callee && !name.startsWith('node:'));
  if (file === undefined) return 'a content type';
  return relative(process.cwd(), file);
}
