import type { App } from 'gatehouse';
import { models } from '../generated/models.ts';
import type PrismaTypes from '../generated/pothos-types.ts';
import type { PrismaClient } from '../generated/prisma/client.ts';
import * as content from './content/index.ts';
import { extensions } from './extend.ts';
import { roles } from './roles.ts';
import { demoUsers, seed } from './seed.ts';
import { user } from './user.ts';

// What the models are, for the types of content types, hooks and fields of your own.
declare module 'gatehouse' {
  interface Register {
    readonly prismaTypes: PrismaTypes;
    readonly prismaClient: PrismaClient;
  }
}

/** The application that the server runs: everything in this folder. */
export const app: App = {
  models,
  contentTypes: Object.values(content),
  userFields: user,
  roles,
  demoUsers,
  seed,
  ...extensions,
};
