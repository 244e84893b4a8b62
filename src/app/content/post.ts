import { contentType } from 'gatehouse';

const columns = ['title', 'slug', 'content', 'kind', 'featured', 'views', 'rating', 'premium', 'publishedAt'] as const;
const relations = ['author', 'category', 'tags'] as const;

export const post = contentType('Post', {
  // A post belongs to the user who created it: the server sets `owner`, and no client can give a post to somebody else.
  read: [...columns, 'createdAt', 'updatedAt', ...relations, 'owner'],
  write: [...columns, ...relations],
  columns: { title: { maxLength: 255 }, slug: { maxLength: 255, format: 'slug' } },
});
