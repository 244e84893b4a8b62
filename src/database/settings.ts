import type { PrismaClient } from '../generated/prisma/client.ts';

export type Settings = Awaited<ReturnType<typeof readSettings>>;

/** What administrators decided about accounts, as it is now. */
export function readSettings(prisma: PrismaClient) {
  return prisma.settings.findUniqueOrThrow({ where: { id: 1 } });
}
