import type { ChildProcess } from 'node:child_process';

/** Keeps what a process prints, on either stream, and tells what that is so far. */
export function outputOf(child: ChildProcess): () => string {
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk: Buffer) => {
      text += chunk;
    });
  }
  return () => text;
}
