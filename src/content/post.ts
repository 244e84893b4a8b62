import { contentType } from '../graphql/content-type/content-type.ts';

export const post = contentType('Post', {
  read: [
    'title',
    'slug',
    'content',
    'kind',
    'featured',
    'views',
    'rating',
    'publishedAt',
    'createdAt',
    'updatedAt',
    'author',
    'category',
    'tags',
  ],
  write: [
    'title',
    'slug',
    'content',
    'kind',
    'featured',
    'views',
    'rating',
    'publishedAt',
    'author',
    'category',
    'tags',
  ],
});
