import { contentType } from '../graphql/content-type/content-type.ts';

const columns = ['title', 'slug', 'content', 'kind', 'featured', 'views', 'rating', 'publishedAt'] as const;
const relations = ['author', 'category', 'tags'] as const;

export const post = contentType('Post', {
  read: [...columns, 'createdAt', 'updatedAt', ...relations],
  write: [...columns, ...relations],
});
