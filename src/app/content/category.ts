import { contentType } from 'gatehouse';

export const category = contentType('Category', {
  read: ['name', 'slug', 'description', 'createdAt', 'updatedAt', 'posts'],
  write: ['name', 'slug', 'description'],
  columns: { name: { maxLength: 255 }, slug: { maxLength: 255, format: 'slug' } },
});
