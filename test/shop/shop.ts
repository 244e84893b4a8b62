import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { App } from '../../src/start/app.ts';
import * as content from './content.ts';
import { extend } from './extend.ts';
import { models } from './generated/src/generated/models.ts';

export { models } from './generated/src/generated/models.ts';

/** A shop whose tables were there before: each has a key of its own. */
export const shop: App = {
  extend,
  models,
  contentTypes: Object.values(content),
  roles: [],
  demoUsers: [],
  seed: async () => {},
};

/** What makes its tables. */
export const tables: readonly string[] = readFileSync(join(import.meta.dirname, 'tables.sql'), 'utf8')
  .split(/;\n/)
  .filter((sql) => sql.trim() !== '');
