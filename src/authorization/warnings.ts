import type { Grant, Permission } from './grants.ts';
import type { RuleColumn, Rules } from './rules.ts';
import { isWithin } from './within.ts';

/** Which columns lead an index, so that a condition on them need not look at every row. */
export type LeadsIndex = (column: RuleColumn) => boolean;

/**
 * What somebody who restricts a role should know: the doors that stay open beside the restricted one, and what it costs. Only of
 * these types: `post`.
 */
export function warningsAbout(
  kept: readonly Permission[],
  types: ReadonlySet<string>,
  { rules, leadsIndex }: { readonly rules: Pick<Rules, 'columnsOf' | 'isValid'>; readonly leadsIndex: LeadsIndex },
): string[] {
  // What does not read allows nothing, and may be anything.
  const permissions = kept
    .map(([action, grants]): Permission => [action, grants?.filter((grant) => rules.isValid(action, grant)) ?? null])
    .filter(([_action, grants]) => grants?.length !== 0);
  const all = new Map(permissions);
  return [...types].sort().flatMap((type) => {
    const held = (verb: string) => all.get(`${type}.${verb}`);
    const named = permissions.filter(([action]) => action.startsWith(`${type}.`));
    return [
      ...doorsOf(type, held),
      ...[...new Set(named.flatMap(([action, grants]) => (grants ? rules.columnsOf(action, grants) : [])))]
        .filter((column) => !leadsIndex(column))
        .map(({ name }) => `${name} leads no index: a rule on it looks at every row`)
        .filter((line, index, lines) => lines.indexOf(line) === index),
      ...conditionalFields(held('find')).map(
        (name) => `${type}.find reads ${name} in some rows only: a sort by it uses no index`,
      ),
    ];
  });
}

/** The grants of a verb; null: without restriction; undefined: not held. */
type Held = (verb: string) => Permission[1] | undefined;

function doorsOf(type: string, held: Held): string[] {
  const [find, findOne] = [held('find'), held('findOne')];
  const lines: string[] = [];
  if (find && findOne !== undefined && !covers(find, findOne)) {
    lines.push(`${type}.find is limited, and ${type}.findOne allows more: with its documentId a document can be read`);
  }
  if (findOne && find !== undefined && !covers(findOne, find)) {
    lines.push(
      `${type}.findOne is limited, and ${type}.find allows more: a list with a filter shows the same document`,
    );
  }
  for (const verb of ['update', 'delete']) {
    const writes = held(verb);
    if (writes === undefined || !(find ?? findOne)) continue;
    const isSeen = [find, findOne].some((reads) => reads === null || (reads && covers(rowsOf(reads), rowsOf(writes))));
    if (!isSeen) lines.push(`${type}.${verb} is wider than ${type}.find: it changes documents that cannot be found`);
  }
  return lines;
}

function covers(own: readonly Grant[], grants: Permission[1]): boolean {
  return isWithin('', grants ?? 'all', own, () => false);
}

/** The same grants, of which only the rows count. */
function rowsOf(grants: readonly Grant[]): readonly Grant[];
function rowsOf(grants: Permission[1]): Permission[1];
function rowsOf(grants: Permission[1]): Permission[1] {
  return grants?.map(({ where }) => (where === undefined ? {} : { where })) ?? null;
}

/** The fields that some of several grants give, and others do not. */
function conditionalFields(grants: Permission[1] | undefined): string[] {
  const lists = grants?.map(({ fields }) => fields) ?? [];
  const named = new Set(lists.flatMap((fields) => fields ?? []));
  return [...named].filter((name) => lists.some((fields) => fields !== undefined && !fields.includes(name))).sort();
}
