import { expect } from 'vitest';
import { startServer, type TestServer } from '../support/start.ts';
import { shop, tables } from './shop.ts';

/** A server with the shop, where Public has every action on its content. */
export interface ShopServer extends TestServer {
  // biome-ignore lint/suspicious/noExplicitAny: an answer has the shape that its document asked for
  data(document: string, variables?: Record<string, unknown>): Promise<any>;
  /** Creates a document, and returns its documentId. */
  create(type: string, data: object): Promise<string>;
  /** The validation errors, each with its path, or the code and the message of the only error. */
  faultsOf(document: string, variables?: Record<string, unknown>): Promise<string[]>;
  empty(): Promise<void>;
}

export async function startShop(): Promise<ShopServer> {
  const server = await startServer({ app: shop, tables });
  const { prisma, query } = server.database;
  const { id: roleId } = await prisma.role.findUniqueOrThrow({ where: { type: 'public' } });
  const actions = shop.contentTypes.flatMap(({ model }) =>
    ['find', 'findOne', 'create', 'update', 'delete'].map(
      (verb) => `${model.charAt(0).toLowerCase()}${model.slice(1)}.${verb}`,
    ),
  );
  await prisma.permission.createMany({ data: actions.map((action) => ({ roleId, action })) });

  async function data(document: string, variables: Record<string, unknown> = {}) {
    const { data, errors, text } = await server.ask(document, { variables });
    expect(errors, text).toBeUndefined();
    return data;
  }

  return {
    ...server,
    data,
    async create(type, values) {
      const field = `create${type}`;
      const document = `mutation ($data: ${type}Input!) { ${field}(data: $data) { documentId } }`;
      return (await data(document, { data: values }))[field].documentId;
    },
    async faultsOf(document, variables = {}) {
      const { errors, text } = await server.ask(document, { variables });
      expect(errors, text).toHaveLength(1);
      const { code, error } = errors?.[0]?.extensions ?? {};
      const details = error?.details?.errors?.map(({ path, message }) => `${path.join('.')}: ${message}`);
      return details ?? [`${code}: ${error?.message}`];
    },
    async empty() {
      const all =
        'suppliers, products, labels, translations, warehouses, shelves, stock, parcels, parcel_items, employees, moves, items, "_LabelToProduct", "_LabelToSupplier"';
      await query(`TRUNCATE ${all} RESTART IDENTITY`, []);
    },
  };
}
