import type { PrismaClient } from '../generated/prisma/client.ts';

export type Settings = Awaited<ReturnType<typeof readSettings>>;

/** Reads the current settings of accounts, which administrators edit. */
export function readSettings(prisma: PrismaClient) {
  return prisma.settings.findUniqueOrThrow({ where: { id: 1 } });
}
