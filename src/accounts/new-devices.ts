import type { Origin } from '../audit/origin.ts';
import { networkOf } from '../common/addresses.ts';
import type { Clock } from '../common/clock.ts';
import { deviceNameOf } from '../common/device-name.ts';
import { hashOf } from '../common/hash.ts';
import { inTransaction } from '../database/retry.ts';
import type { PrismaClient } from '../generated/prisma/client.ts';
import type { Outbox } from '../mail/outbox/outbox.ts';
import type { UserRow } from './account-rows.ts';
import { issueDisownCode } from './disown-codes.ts';
import { lockUser } from './lock-account.ts';

const DAY = 86_400_000;
/** A device that was not used for so long is a new one. */
export const KNOWN_FOR = 180 * DAY;

/** Tells users of logins from devices that they were not seen at before. */
export interface NewDevices {
  /** Call it for a login. The first device of a user is theirs. */
  see(user: UserRow, origin: Origin): Promise<void>;
}

/**
 * A device is a browser and a system in a network (an address; of IPv6 the /64): what a server knows without a cookie, which front ends of other sites
 * could not send.
 */
export function createNewDevices({
  prisma,
  outbox,
  clock,
}: {
  readonly prisma: PrismaClient;
  readonly outbox: Outbox;
  readonly clock: Clock;
}): NewDevices {
  return {
    async see({ id: userId }, { address, userAgent }) {
      const now = clock();
      const name = deviceNameOf(userAgent ?? '');
      const hash = hashOf(JSON.stringify([name ?? userAgent ?? '', networkOf(address)]));
      await inTransaction(prisma, async (transaction) => {
        // Of two logins at once from a new device, one is the first.
        const user = await lockUser(transaction, userId);
        if (!user) return;
        const since = new Date(now.getTime() - KNOWN_FOR);
        const known = await transaction.knownDevice.findMany({ where: { userId, lastSeenAt: { gt: since } } });
        const where = { userId_hash: { userId, hash } };
        await transaction.knownDevice.upsert({
          where,
          create: { userId, hash, lastSeenAt: now },
          update: { lastSeenAt: now },
        });
        if (known.length === 0 || known.some((device) => device.hash === hash)) return;
        const code = await issueDisownCode(transaction, { userId, email: user.email, device: hash }, now);
        if (code === undefined) return;
        await outbox.enqueue(transaction, {
          ...{ purpose: 'newDevice', to: user.email, account: { userId }, code },
          // What a client called itself is not mailed: somebody else would choose the words.
          device: name ?? 'a program that is not known',
          address,
          date: `${now.toISOString().slice(0, 16).replace('T', ' ')} UTC`,
        });
      });
    },
  };
}
