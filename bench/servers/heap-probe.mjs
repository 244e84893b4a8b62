// Loaded into the processes of a cluster (NODE_OPTIONS): on SIGUSR2 garbage is collected, and what is left of the heap is
// written, in bytes, to a file that is named after the process.
import cluster from 'node:cluster';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

process.on('SIGUSR2', () => {
  if (cluster.isPrimary) return;
  globalThis.gc();
  writeFileSync(join(process.env['HEAP_DIRECTORY'], String(process.pid)), String(process.memoryUsage().heapUsed));
});
