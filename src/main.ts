// The server. Like start/cluster.ts and command-line/main.ts, it has an effect when it is imported; nothing else has.
import { orSayWhy } from './common/start-refused.ts';
import { listenForStop } from './start/stop-request.ts';
import { boundYoungGeneration } from './start/young-generation.ts';

boundYoungGeneration();
// Before anything is loaded: as the first process of a container, one that does not listen to signals cannot be ended by them.
const stop = listenForStop();
// A terminal that was closed takes nothing any more. The server goes on, or stops because it is asked to.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});
// Loading it is a part of it: content types that cannot be served say so there.
await orSayWhy(async () => {
  const { loadApp } = await import('./start/load-app.ts');
  await (await import('./start/start.ts')).start(stop, loadApp);
});
