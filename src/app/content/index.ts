// The content types of this server. A new one is its Prisma model, its file beside this one, its line here, a migration.
export { author } from './author.ts';
export { category } from './category.ts';
export { post } from './post.ts';
export { siteSetting } from './site-setting.ts';
export { tag } from './tag.ts';
