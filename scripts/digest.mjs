import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** A hash of these files, of those in these folders, and of these words. */
export function digestOf(paths, words = []) {
  const hash = createHash('sha256').update(JSON.stringify(words));
  for (const file of filesIn(paths)) hash.update(`\n${file}\n`).update(readFileSync(file));
  return hash.digest('hex');
}

/** The files at these paths and in these folders, each folder's in the order of their names. */
export function filesIn(paths) {
  return paths.flatMap((path) =>
    statSync(path).isDirectory()
      ? filesIn(
          readdirSync(path)
            .sort()
            .map((name) => join(path, name)),
        )
      : [path],
  );
}
