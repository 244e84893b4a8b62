// The content types of this server. A new one is its Prisma model, its file here, its line below, and a migration.
import { author } from './author.ts';
import { category } from './category.ts';
import { post } from './post.ts';
import { siteSetting } from './site-setting.ts';
import { tag } from './tag.ts';

export const contentTypes = [post, author, category, tag, siteSetting];
