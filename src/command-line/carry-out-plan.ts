import type { ImportPlan } from '../import/accounts.ts';
import { CommandRefused } from './command.ts';

export interface PlanOptions {
  /** Nothing is imported. */
  readonly onlyPlan: boolean;
  readonly acceptLosses: boolean;
}

/**
 * Carries out a plan, and returns it in words.
 *
 * @throws CommandRefused with the plan in words where something would be lost that is not accepted, or cannot be imported.
 */
export async function carryOutPlan(
  plan: ImportPlan,
  { onlyPlan, acceptLosses }: PlanOptions,
  carryOut: () => Promise<void>,
): Promise<string> {
  const isLossy = plan.losses.length > 0 && !acceptLosses;
  const isRefused = isLossy || plan.obstacles.length > 0;
  if (onlyPlan && !isRefused) return inWords(plan);
  if (onlyPlan) throw new CommandRefused(inWords(plan));
  if (isRefused) {
    const accept = isLossy ? ['Accept what would be lost with --accept-losses.'] : [];
    throw new CommandRefused([inWords(plan), 'Nothing was imported.', ...accept].join('\n'));
  }
  const { databaseFailureOf } = await import('../database/failures.ts');
  try {
    await carryOut();
  } catch (error) {
    if (databaseFailureOf(error) !== 'timeout') throw error;
    throw new CommandRefused(
      'The database did not answer in time. Is another import running, or a long change? Nothing was imported. Start again when it is done.',
    );
  }
  return `${inWords(plan)}\nImported.`;
}

function inWords({ lines, losses, obstacles }: ImportPlan): string {
  return [
    'What comes:',
    ...lines.map((line) => `  ${line}`),
    ...(losses.length > 0 ? ['What does not come as it was:'] : []),
    ...losses.map(({ what, count }) => `  ${count} × ${what}`),
    ...(obstacles.length > 0 ? ['It cannot be imported:'] : []),
    ...obstacles.map((obstacle) => `  ${obstacle}`),
  ].join('\n');
}
