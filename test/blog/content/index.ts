// The content types of the blog.
export { author } from './author.ts';
export { category } from './category.ts';
export { post } from './post.ts';
export { siteSetting } from './site-setting.ts';
export { tag } from './tag.ts';
