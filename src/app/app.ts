import { models } from '../generated/models.ts';
import type { App } from '../start/app.ts';
import * as content from './content/index.ts';
import { extensions } from './extend.ts';
import { roles } from './roles.ts';
import { demoUsers, seed } from './seed.ts';

/** The application that the server runs: everything in this folder. */
export const app: App = { models, contentTypes: Object.values(content), roles, demoUsers, seed, ...extensions };
