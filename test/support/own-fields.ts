import { applicationError } from '../../src/common/errors.ts';
import type { Content } from '../../src/graphql/content-type/in-code/content.ts';
import type { ExtendParts } from '../../src/graphql/public-schema.ts';
import type { BlogBuilder } from '../blog/builder.ts';
import type PrismaTypes from '../blog/generated/src/generated/pothos-types.ts';
import type { PrismaClient } from '../blog/models.ts';

/** What `extend` gets, with the models of the tests' blog in its types. */
export interface BlogParts extends Omit<ExtendParts, 'content' | 'prisma'> {
  readonly content: Content<PrismaTypes>;
  readonly prisma: PrismaClient;
}

export function partsOfBlog(parts: ExtendParts): BlogParts {
  return parts as unknown as BlogParts;
}

/** The example of docs/own-logic.md. `ARCHIVE` is a server of somebody else. */
export function addOwnFields(builder: BlogBuilder, { content, prisma }: BlogParts, ARCHIVE: string): void {
  // begin
  // An outside service, and a write with what it answered.
  builder.mutationField('importPost', (t) =>
    t.field({
      type: content.type('Post'),
      nullable: true,
      authScopes: { action: 'post.import' },
      grantScopes: ['Post'],
      args: { article: t.arg.string({ required: true }) },
      async resolve(_root, { article }, context) {
        const response = await fetch(`${ARCHIVE}/${encodeURIComponent(article)}`, { signal: context.deadline });
        if (!response.ok) throw applicationError('The archive has no such article');
        const { title, slug, text } = (await response.json()) as { title?: string; slug?: string; text?: string };
        return content.create('Post', { title, slug, content: text }, context);
      },
    }),
  );

  // An action of its own. What it sets needs no permission for that field.
  builder.mutationField('publishPost', (t) =>
    t.field({
      type: content.type('Post'),
      nullable: true,
      authScopes: { action: 'post.publish' },
      grantScopes: ['Post'],
      args: { documentId: t.arg.id({ required: true }) },
      async resolve(_root, { documentId }, context) {
        const post = await content.findOne('Post', documentId, context, { select: ['content'] });
        if (post && !post.content) throw applicationError('A post without a text cannot be published');
        return content.update('Post', documentId, {}, context, { set: { publishedAt: new Date() } });
      },
    }),
  );

  // Two writes, or none.
  builder.mutationField('replacePost', (t) =>
    t.field({
      type: content.type('Post'),
      nullable: true,
      authScopes: { actionWithRules: 'post.delete' },
      grantScopes: ['Post'],
      args: { documentId: t.arg.id({ required: true }), by: t.arg.id({ required: true }) },
      resolve: (_root, { documentId, by }, context) =>
        content.transaction(context, async (inside) => {
          const old = await inside.findOne('Post', documentId, context, { select: ['slug'] });
          await inside.delete('Post', documentId, context);
          return inside.update('Post', by, { slug: old?.slug }, context);
        }),
    }),
  );

  // Documents that the viewer can find, as the list `posts` has them.
  builder.queryField('newestPosts', (t) =>
    t.field({
      type: [content.type('Post')],
      nullable: true,
      authScopes: { actionWithRules: 'post.find' },
      resolve: (_root, _args, context) =>
        content.findMany('Post', { filters: { publishedAt: { notNull: true } }, sort: 'publishedAt:desc' }, context),
    }),
  );

  // The power of the server: readers cannot update a post, and still count.
  builder.mutationField('countView', (t) =>
    t.boolean({
      authScopes: { actionWithRules: 'post.findOne' },
      args: { documentId: t.arg.id({ required: true }) },
      async resolve(_root, { documentId }, context) {
        const post = await content.findOne('Post', documentId, context, { select: [] });
        if (!post) return false;
        await prisma.post.update({ where: { documentId }, data: { views: { increment: 1 } } });
        return true;
      },
    }),
  );
  // end
}
