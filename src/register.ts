import type { ITXClientDenyList } from '@prisma/client/runtime/client';
import type OwnTypes from './generated/pothos-types.ts';
import type { PrismaClient } from './generated/prisma/client.ts';

/**
 * What an application says of its models, so that a misspelt column does not compile:
 *
 * ```ts
 * declare module 'gatehouse' {
 *   interface Register {
 *     readonly prismaTypes: PrismaTypes; // of src/generated/pothos-types.ts
 *     readonly prismaClient: PrismaClient; // of src/generated/prisma/client.ts
 *   }
 * }
 * ```
 *
 * Without it, only the models of Gatehouse are known.
 */
// biome-ignore lint/suspicious/noEmptyInterface: applications add to it
export interface Register {}

/** The types that Pothos generates for the application's models. */
export type ModelTypesOfApp = Register extends { readonly prismaTypes: infer Types } ? Types : OwnTypes;

/** The application's Prisma client. */
export type ClientOfApp = Register extends { readonly prismaClient: infer Client } ? Client : PrismaClient;

/** The same in a transaction. */
export type TransactionOfApp = Omit<ClientOfApp, ITXClientDenyList>;
