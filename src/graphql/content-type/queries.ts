import { actionOf, type ContentSchema } from './content-schema.ts';
import type { ContentType } from './content-type.ts';
import { clientFor } from './model.ts';
import { pageOf } from './pages.ts';

/** `post` and `posts`, or `siteSetting`. */
export function addQueries(schema: ContentSchema, type: ContentType): void {
  if (type.kind === 'single') {
    addTheOne(schema, type);
    return;
  }
  addFindOne(schema, type);
  addFind(schema, type);
}

function addFindOne({ builder, prisma }: ContentSchema, type: ContentType): void {
  const action = actionOf(type, 'findOne');
  builder.queryField(type.singular, (t) =>
    t.prismaField({
      type: type.model,
      nullable: true,
      authScopes: { action },
      grantScopes: [type.model],
      args: { documentId: t.arg.id({ required: true }) },
      resolve: (query, _root, { documentId }, { viewer }) =>
        clientFor(prisma, type.model).findFirst({
          ...query,
          where: { AND: [{ documentId }, viewer.permissions.rule(action)?.where ?? {}] },
        }),
    }),
  );
}

function addFind({ builder, prisma, pagination }: ContentSchema, type: ContentType): void {
  const action = actionOf(type, 'find');
  builder.queryField(type.plural, (t) =>
    t.prismaField({
      type: [type.model],
      nullable: true,
      authScopes: { action },
      grantScopes: [type.model],
      args: { pagination: t.arg({ type: pagination, defaultValue: {} }) },
      resolve: (query, _root, args, { viewer }) =>
        clientFor(prisma, type.model).findMany({
          ...query,
          ...pageOf(args.pagination),
          where: viewer.permissions.rule(action)?.where ?? {},
          orderBy: { id: 'asc' }, // without an order, pages repeat and skip
        }),
    }),
  );
}

function addTheOne({ builder, prisma }: ContentSchema, type: ContentType): void {
  const action = actionOf(type, 'find');
  builder.queryField(type.singular, (t) =>
    t.prismaField({
      type: type.model,
      nullable: true,
      authScopes: { action },
      grantScopes: [type.model],
      resolve: (query, _root, _args, { viewer }) =>
        clientFor(prisma, type.model).findFirst({
          ...query,
          where: { AND: [{ id: 1 }, viewer.permissions.rule(action)?.where ?? {}] },
        }),
    }),
  );
}
