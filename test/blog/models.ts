// What is generated of content.prisma beside this file and of Gatehouse's own models: scripts/generated.mjs does it.
import type { PrismaClient as CoreClient } from '../../src/generated/prisma/client.ts';
import type { PrismaClient as BlogClient } from './generated/src/generated/prisma/client.ts';

export { models } from './generated/src/generated/models.ts';

/** Any client, which the core knows only its own tables of, with the tables of the blog. */
export type WithBlog<Client> = Client & Pick<BlogClient, 'post' | 'author' | 'category' | 'tag' | 'siteSetting'>;

/** The client of a database with the blog. */
export type PrismaClient = WithBlog<CoreClient>;
