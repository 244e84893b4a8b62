import { contentType } from 'gatehouse';

export const tag = contentType('Tag', {
  read: ['name', 'createdAt', 'updatedAt', 'posts'],
  write: ['name'],
  columns: { name: { maxLength: 255 } },
});
