import type { App } from '../start/app.ts';

/**
 * Extensions beyond content types: your own fields and types in plain Pothos (`extend`), and Yoga plugins (`plugins`,
 * `adminPlugins`). See docs/extending.md for examples. The example blog needs none.
 */
export const extensions: Pick<App, 'extend' | 'plugins' | 'adminPlugins'> = {};
