import type { PrismaModelTypes } from '@pothos/plugin-prisma';
import type { PrismaClient } from '../../generated/prisma/client.ts';
import { lowerFirst } from './model.ts';

/** A row, as resolvers pass it on: its id, or the columns of its key, and the columns loaded with it. */
export type Row = object;

/** The Prisma method that content mutations use, for any model. */
export interface ModelClient {
  update(query: object): Promise<Row>;
}

/** The delegate of one model, of a Prisma client or a transaction. */
export function clientFor(prisma: Pick<PrismaClient, never>, model: string): ModelClient {
  const name = lowerFirst(model);
  // Prisma has a type for each model; content types handle all models alike, and their names are checked at start.
  return (prisma as unknown as Readonly<Record<string, ModelClient>>)[name] as ModelClient;
}

/** A model without static types of its columns, as content types use it with Pothos. */
export interface AnyModel extends PrismaModelTypes {
  Name: string;
  /** Of a model with another key the rows have its columns instead: rowIdOf() tells them apart. */
  Shape: { readonly id: number };
  Select: Record<string, unknown>;
  Where: Record<string, unknown>;
}
