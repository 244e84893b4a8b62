import type { ImportPlan, Loss } from './accounts.ts';

/** Gathers what a plan says. */
export class PlanNotes implements ImportPlan {
  readonly lines: string[] = [];
  readonly losses: Loss[] = [];
  readonly obstacles: string[] = [];

  /** Says what comes. */
  say(line: string): void {
    this.lines.push(line);
  }

  /** Names what does not come as it was. Nothing, where the count is 0. */
  lose(what: string, count = 1): void {
    if (count > 0) this.losses.push({ what, count });
  }

  /** Says why nothing can be imported. */
  refuse(obstacle: string): void {
    this.obstacles.push(obstacle);
  }
}

/** `1 user`, `2 users`. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

/** Ids in one line: the first, and how many more. */
export function idList(ids: readonly (number | string)[]): string {
  const rest = ids.length - SHOWN;
  return rest > 0 ? `${ids.slice(0, SHOWN).join(', ')} and ${rest} more` : ids.join(', ');
}

const SHOWN = 20;

/** A name of the other system, fit for a terminal: one short line without control characters. */
export function shown(name: string): string {
  return name.slice(0, 100).replaceAll(/[\p{C}\p{Zl}\p{Zp}]/gu, '?');
}
