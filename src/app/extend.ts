import type { App } from '../start/app.ts';

/**
 * Whatever content types cannot say: fields and types of your own in plain Pothos (`extend`), plugins of Yoga (`plugins`,
 * `adminPlugins`). docs/extending.md has an example of each. The example blog needs none.
 */
export const extensions: Pick<App, 'extend' | 'plugins' | 'adminPlugins'> = {};
