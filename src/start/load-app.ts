import { existsSync } from 'node:fs';
import { enableCompileCache } from 'node:module';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { StartRefused } from '../common/start-refused.ts';
import type { App } from './app.ts';

/** Where an application says what it is, from its folder. Node.js runs TypeScript as it is. */
const APP = 'src/app/app.ts';

/** Keeps what Node.js makes of the TypeScript: without it, a start takes a third of a second more. */
const CACHE = 'node_modules/.cache/gatehouse';

/**
 * Loads the application in the working directory: `app` of `src/app/app.ts`.
 *
 * @throws StartRefused where there is none, ContentTypeError for a content type that cannot be served.
 */
export async function loadApp(): Promise<App> {
  const file = resolve(APP);
  if (!existsSync(file))
    throw new StartRefused(`${APP} is not here: is ${process.cwd()} the folder of your application?`);
  enableCompileCache(resolve(CACHE)); // where it cannot be written to, it does nothing
  const loaded: { readonly app?: App } = await import(pathToFileURL(file).href);
  if (!loaded.app) throw new StartRefused(`${APP} exports no app`);
  return loaded.app;
}
