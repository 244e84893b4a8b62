import { contentType } from '../declare.ts';

const columns = ['title', 'slug', 'content', 'kind', 'featured', 'views', 'rating', 'publishedAt'] as const;
const relations = ['author', 'category', 'tags'] as const;

export const post = contentType('Post', {
  read: [...columns, 'createdAt', 'updatedAt', ...relations],
  write: [...columns, ...relations],
  columns: { title: { maxLength: 255 }, slug: { maxLength: 255, format: 'slug' } },
});
