import { ACCOUNT } from '../authentication/viewer.ts';
import type { Prisma } from '../generated/prisma/client.ts';

/** The columns of a user's account, with the version of its tokens, for a query's `select`. Never the password's hash. */
export const USER = { ...ACCOUNT, tokenVersion: true } as const;

export type UserRow = Prisma.UserGetPayload<{ select: typeof USER }>;

/** The same of an administrator's. */
export const ADMIN = { id: true, documentId: true, email: true, name: true, role: true, tokenVersion: true } as const;

export type AdminRow = Prisma.AdminGetPayload<{ select: typeof ADMIN }>;
