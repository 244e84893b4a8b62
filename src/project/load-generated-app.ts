import type { App } from '../start/app.ts';

/**
 * Loads the application in the working directory, with the client of its models as they are now: what is missing or older than the
 * schema is generated first.
 *
 * @throws StartRefused where there is none, ContentTypeError for a content type that cannot be served.
 */
export async function loadGeneratedApp(): Promise<App> {
  // Loaded one after the other: what the application imports has to be there.
  const { generate } = await import('./generate.ts');
  generate();
  const { loadApp } = await import('../start/load-app.ts');
  return loadApp();
}
