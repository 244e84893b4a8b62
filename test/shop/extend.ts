import type SchemaBuilder from '@pothos/core';
import type { OurTypes } from '../../src/graphql/builder.ts';
import type { Extend } from '../../src/graphql/public-schema.ts';
import type PrismaTypes from './generated/src/generated/pothos-types.ts';
import type { PrismaClient } from './generated/src/generated/prisma/client.ts';

/** Fields in plain Pothos that return rows of the shop, and fields on them. */
export const extend: Extend = (anyBuilder, { prisma: anyClient, may, rowsAllowed }) => {
  const builder = anyBuilder as unknown as InstanceType<typeof SchemaBuilder<OurTypes & { PrismaTypes: PrismaTypes }>>;
  const prisma = anyClient as unknown as PrismaClient;
  builder.queryField('allShelves', (t) =>
    t.prismaField({
      type: ['Shelf'],
      authScopes: { action: 'shelf.find' },
      resolve: (query) => prisma.shelf.findMany({ ...query, orderBy: { height: 'asc' } }),
    }),
  );
  builder.queryField('allSuppliers', (t) =>
    t.prismaField({
      type: ['Supplier'],
      authScopes: { action: 'supplier.find' },
      resolve: (query) => prisma.supplier.findMany({ ...query, orderBy: { id: 'asc' } }),
    }),
  );
  builder.queryField('allLabels', (t) =>
    t.prismaField({
      type: ['Label'],
      authScopes: { action: 'label.find' },
      resolve: (query) => prisma.label.findMany({ ...query, orderBy: { key: 'asc' } }),
    }),
  );
  builder.prismaObjectField('Shelf', 'place', (t) =>
    t.string({ select: { code: true, height: true }, resolve: ({ code, height }) => `${code} at ${height}` }),
  );
  builder.prismaObjectField('Supplier', 'shout', (t) =>
    t.string({ select: { name: true }, resolve: ({ name }) => name.toUpperCase() }),
  );
  builder.queryField('mayUpdateShelf', (t) =>
    t.boolean({
      authScopes: { actionWithRules: 'shelf.update' },
      args: { documentId: t.arg.id({ required: true }) },
      resolve: (_root, { documentId }, context) => may(context, 'shelf.update', documentId),
    }),
  );
  builder.queryField('heightOfShelves', (t) =>
    t.int({
      authScopes: { actionWithRules: 'shelf.find' },
      resolve: async (_root, _args, context) => {
        const rows = await prisma.$queryRaw<{ height: number }[]>`
          SELECT coalesce(sum(height), 0)::int4 AS height FROM shelves WHERE ${rowsAllowed(context, 'shelf.find', 'shelves')}`;
        return rows[0]?.height ?? 0;
      },
    }),
  );
};
