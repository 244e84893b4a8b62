import { VERBS, type Verb, verbOf } from './held.ts';

export interface MatrixAction {
  readonly action: string;
  readonly label: string;
  readonly description: string;
  readonly rootFields: readonly string[];
  readonly writes: boolean;
}

/** A type: its five verbs are cells beside each other, its other actions lines below. */
export interface MatrixRow {
  readonly type: string;
  readonly label: string;
  readonly cells: ReadonlyMap<Verb, MatrixAction>;
  readonly others: readonly MatrixAction[];
}

interface Group {
  readonly type: string;
  readonly label: string;
  readonly actions: readonly MatrixAction[];
}

/** The rows of a matrix. Types with documents come first. */
export function matrixRows(groups: readonly Group[]): MatrixRow[] {
  const rows = groups.map(({ type, label, actions }): MatrixRow => {
    const cells = new Map<Verb, MatrixAction>();
    const others: MatrixAction[] = [];
    for (const action of actions) {
      const verb = verbOf(action.action);
      if (verb) cells.set(verb, action);
      else others.push(action);
    }
    return { type, label, cells: inOrder(cells), others };
  });
  return [...rows.filter(({ cells }) => cells.size > 0), ...rows.filter(({ cells }) => cells.size === 0)];
}

function inOrder(cells: ReadonlyMap<Verb, MatrixAction>): Map<Verb, MatrixAction> {
  return new Map(
    VERBS.flatMap((verb) => {
      const action = cells.get(verb);
      return action ? [[verb, action] as const] : [];
    }),
  );
}

/** The rows and the actions that a text is found in. A row whose name matches keeps all of its actions. */
export function searchRows(rows: readonly MatrixRow[], text: string): readonly MatrixRow[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return rows;
  const has = (...texts: readonly string[]) => {
    const whole = texts.join(' ').toLowerCase();
    return words.every((word) => whole.includes(word));
  };
  return rows.flatMap((row) => {
    if (has(row.type, row.label)) return [row];
    const found = (one: MatrixAction) => has(row.label, one.action, one.label, ...one.rootFields);
    const cells = new Map([...row.cells].filter(([, one]) => found(one)));
    const others = row.others.filter(found);
    return cells.size + others.length > 0 ? [{ ...row, cells, others }] : [];
  });
}

export function actionsIn(rows: readonly MatrixRow[]): MatrixAction[] {
  return rows.flatMap(({ cells, others }) => [...cells.values(), ...others]);
}
