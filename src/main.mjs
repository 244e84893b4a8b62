// The server. The only file with an effect when it is imported. No TypeScript, so that Node need not load its compiler where
// it kept what that made of the other files: a start takes half of the time then, and fifteen megabytes less.
import { flushCompileCache } from 'node:module';
import { keepCompiled } from './compile-cache.mjs';

keepCompiled();
// First of all: as the first process of a container, one that does not listen to signals cannot be ended by them.
const { listenForStop } = await import('./stop-request.ts');
const stop = listenForStop();
const { start } = await import('./start.ts');
await start(stop);
// Not only at the end, which one that is killed does not see; and not before the first questions are answered.
setTimeout(flushCompileCache, 5_000).unref();
