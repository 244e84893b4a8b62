import { ACCOUNT } from '../authentication/viewer.ts';
import type { Prisma } from '../generated/prisma/client.ts';

/** The `select` of a user's account, its token version and its end. Never includes the password hash. */
export const USER = { ...ACCOUNT, tokenVersion: true, deletesAt: true } as const;

export type UserRow = Prisma.UserGetPayload<{ select: typeof USER }>;

/** The `select` of an administrator's account. */
export const ADMIN = { id: true, documentId: true, email: true, name: true, role: true, tokenVersion: true } as const;

export type AdminRow = Prisma.AdminGetPayload<{ select: typeof ADMIN }>;
