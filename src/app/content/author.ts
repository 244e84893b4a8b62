import { contentType } from 'gatehouse';

export const author = contentType('Author', {
  read: ['name', 'bio', 'createdAt', 'updatedAt', 'posts'],
  write: ['name', 'bio'],
  columns: { name: { maxLength: 255 } },
});
