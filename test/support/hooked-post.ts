import { applicationError } from '../../src/common/errors.ts';
import { contentType } from '../blog/declare.ts';

export const post = contentType('Post', {
  read: ['title', 'slug', 'content', 'featured', 'owner'],
  write: ['title', 'content', 'featured'],
  hooks: {
    // The slug comes from the title, and the post belongs to who wrote it. Clients can write neither.
    beforeCreate(data, { viewer }) {
      data.slug = data.title?.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-') ?? '';
      data.ownerId = viewer.kind === 'user' ? viewer.account.id : null;
    },
    async beforeDelete({ documentId, prisma }) {
      const { featured } = await prisma.post.findUniqueOrThrow({ where: { documentId }, select: { featured: true } });
      if (featured) throw applicationError('A featured post cannot be deleted. Take it off the front page first.');
    },
    afterUpdate(data, { documentId, log }) {
      if (data.content) log.info({ documentId }, 'the text of a post changed');
    },
  },
});
