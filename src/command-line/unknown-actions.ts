import { CommandRefused } from './command.ts';

/** @throws CommandRefused when there are actions that are not known, with their names. */
export function refuseUnknown(actions: readonly string[], known: readonly string[]): void {
  const unknown = actions.filter((action) => !known.includes(action));
  if (unknown.length === 0) return;
  const what = unknown.length === 1 ? 'is not an action' : 'are not actions';
  throw new CommandRefused(
    `${unknown.join(', ')} ${what} of this schema. For a list: npm run gatehouse -- permissions list`,
  );
}
