// Has Node compile the server before it is started for the first time. Run by prepare.mjs.
import { flushCompileCache } from 'node:module';
import { keepCompiled } from '../src/common/compile-cache.ts';

keepCompiled();
await import('../src/start/start.ts');
await import('../src/database/open-server.ts');
await import('../src/database/open-embedded.ts');
await import('../src/accounts/password-work.ts');
flushCompileCache();
