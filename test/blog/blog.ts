import type { App } from '../../src/start/app.ts';
import * as content from './content/index.ts';
import { models } from './models.ts';
import { roles } from './roles.ts';
import { demoUsers, seed } from './seed.ts';

/** The app that tests and bench work with. It is theirs: what is in src/app/ can be any other. */
export const blog: App = { models, contentTypes: Object.values(content), roles, demoUsers, seed };
