import { setTimeout as wait } from 'node:timers/promises';
import { databaseFailureOf } from '../../database/failures.ts';
import type { PrismaClient } from '../../generated/prisma/client.ts';
import type { MailOutcome } from '../../telemetry/metrics.ts';
import { MailFailure } from '../mailer.ts';
import { accountOf, deliverEntry, type EntryDeliveryOptions } from './deliver-entry.ts';
import { isRequest, type MailContents, type TakenEntry } from './entries.ts';
import type { Outbox } from './outbox.ts';
import { postponeEntry } from './take-entries.ts';

export interface WorkOffOptions extends EntryDeliveryOptions {
  readonly prisma: PrismaClient;
  readonly outbox: Pick<Outbox, 'remove'>;
  readonly onMail: (outcome: MailOutcome) => void;
}

/** Milliseconds before each retry. They end within the hour that a code is valid. */
const PAUSES = [1_000, 5_000, 30_000, 120_000, 600_000];

/**
 * Delivers an entry and removes it, or postpones it if a retry may succeed and returns the milliseconds until then. Logs
 * failures without the address and link.
 *
 * @throws when the outbox could not be written. The entry is taken again after its lease expires.
 */
export async function workOffEntry(options: WorkOffOptions, entry: TakenEntry): Promise<number | undefined> {
  const { log, onMail } = options;
  const { kind } = entry;
  try {
    const delivered = await deliverEntry(options, entry);
    if (delivered === 'unreadable') {
      log.error({ mail: kind }, 'a mail was dropped: the secret that it was sealed with is no longer configured');
      await giveUp(options, entry);
      return undefined;
    }
    if (delivered === 'unwanted') log.info({ mail: kind }, 'a mail was dropped: it is outdated');
    if (delivered !== 'requested') onMail(delivered);
  } catch (error) {
    return retryOrGiveUp(options, entry, error);
  }
  await remove(options, entry);
  return undefined;
}

async function retryOrGiveUp(options: WorkOffOptions, entry: TakenEntry, error: unknown): Promise<number | undefined> {
  const { log, prisma } = options;
  const { kind, attempts } = entry;
  const pause = PAUSES[attempts - 1];
  const passing = error instanceof MailFailure ? error.passing : databaseFailureOf(error) !== undefined;
  if (!passing || pause === undefined) {
    log.error({ err: error, mail: kind, attempts }, 'a mail was given up');
    await giveUp(options, entry);
    return undefined;
  }
  log.warn({ err: error, mail: kind, attempt: attempts, seconds: pause / 1_000 }, 'a mail is tried again');
  await postponeEntry(prisma, entry, pause);
  return pause;
}

async function giveUp(options: WorkOffOptions, entry: TakenEntry): Promise<void> {
  const { rules, seal } = options;
  const { kind, attempts } = entry;
  const account = accountOf(entry);
  options.onMail('failed');
  if (account && !isRequest(kind)) await rules.failed(kind, account, attempts);
  if (!account && !isRequest(kind)) {
    const contents = seal.open(entry) as MailContents | undefined; // the seal guarantees the kind
    await rules.failedWithoutAccount(kind, contents?.to, attempts);
  }
  await remove(options, entry);
}

/** Removes an entry, with retries while the database is unavailable: a sent mail that stays would be sent twice. */
async function remove({ outbox, prisma }: WorkOffOptions, entry: TakenEntry): Promise<void> {
  for (const pause of [100, 1_000, 5_000, 20_000]) {
    try {
      await outbox.remove(prisma, entry);
      return;
    } catch (error) {
      if (!databaseFailureOf(error)) throw error;
      await wait(pause, undefined, { ref: false });
    }
  }
  await outbox.remove(prisma, entry);
}
