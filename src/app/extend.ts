import type { App } from 'gatehouse';

/**
 * Extensions beyond content types: your own fields and types in plain Pothos (`extend`) and hooks of accounts (`hooks`), both in
 * docs/own-logic.md, and Yoga plugins (`plugins`, `adminPlugins`). See docs/extending.md for examples. The example blog needs none.
 */
export const extensions: Pick<App, 'extend' | 'hooks' | 'plugins' | 'adminPlugins'> = {};
