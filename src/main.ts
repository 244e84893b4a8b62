// The server. The only file with an effect when it is imported, beside start/cluster.ts and command-line/main.ts.
import { flushCompileCache } from 'node:module';
import { keepCompiled } from './common/compile-cache.ts';

keepCompiled();
// First of all: as the first process of a container, one that does not listen to signals cannot be ended by them.
const { listenForStop } = await import('./start/stop-request.ts');
const stop = listenForStop();
// A terminal that was closed takes nothing any more. The server goes on, or stops because it is asked to.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});
const { orSayWhy } = await import('./common/start-refused.ts');
// Loading it is a part of it: content types that cannot be served say so there.
await orSayWhy(async () => {
  const { app } = await import('./app/app.ts');
  await (await import('./start/start.ts')).start(stop, app);
});
// Not only at the end, which one that is killed does not see; and not before the first questions are answered.
setTimeout(flushCompileCache, 5_000).unref();
