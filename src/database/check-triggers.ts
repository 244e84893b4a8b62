import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { StartRefused } from '../common/start-refused.ts';
import { quoted } from './identifiers.ts';
import type { Database } from './open.ts';
import type { Schemas } from './schemas.ts';

/** The triggers that should be there, and what makes them again. */
const TRIGGERS = fileURLToPath(new URL('../../prisma/triggers.sql', import.meta.url));

interface Trigger {
  readonly table: string;
  readonly name: string;
}

/** Triggers are missing or disabled: a block would end no session, and nobody would notice changed permissions. */
export class TriggersMissing extends StartRefused {
  constructor(missing: readonly Trigger[], disabled: readonly Trigger[], { own }: Schemas) {
    super(
      `The database lacks triggers that Gatehouse relies on: ${[
        ...(missing.length > 0 ? [`missing: ${named(missing)}`] : []),
        ...(disabled.length > 0 ? [`disabled: ${named(disabled)}`] : []),
      ].join(
        '; ',
      )}. Run prisma/triggers.sql as the owner of the tables, after SET search_path TO ${quoted(own)}: it creates and enables them (docs/deploying.md)`,
    );
  }
}

/**
 * Checks in one statement that the database has each of Gatehouse's triggers, and fires it.
 *
 * @throws TriggersMissing
 */
export async function checkTriggers({ query, schemas }: Pick<Database, 'query' | 'schemas'>): Promise<void> {
  const wanted = triggersIn(readFileSync(TRIGGERS, 'utf8'));
  const tables = [...new Set(wanted.map(({ table }) => table))];
  const found = await query<Trigger & { readonly fires: boolean }>(FOUND, [tables, schemas.own]);
  const fires = new Map(found.map((trigger) => [inWords(trigger), trigger.fires]));
  const missing = wanted.filter((trigger) => !fires.has(inWords(trigger)));
  const disabled = wanted.filter((trigger) => fires.get(inWords(trigger)) === false);
  if (missing.length + disabled.length > 0) throw new TriggersMissing(missing, disabled, schemas);
}

function triggersIn(sql: string): Trigger[] {
  const statements = sql.matchAll(/^CREATE OR REPLACE TRIGGER (\w+) .*? ON (\w+)$/gms);
  return Array.from(statements, ([, name = '', table = '']) => ({ table, name }));
}

/** `O` fires in an ordinary session, and `A` in all of them; `D` is disabled, and `R` fires in replicas only. */
const FOUND = `
  SELECT w.name AS "table", t.tgname::text AS "name", t.tgenabled IN ('O', 'A') AS "fires"
  FROM unnest($1::text[]) AS w(name)
    JOIN pg_trigger t ON t.tgrelid = to_regclass(format('%I.%I', $2::text, w.name)) AND NOT t.tgisinternal`;

const MAX_NAMED = 10;

function named(triggers: readonly Trigger[]): string {
  const more = triggers.length > MAX_NAMED ? [`${triggers.length - MAX_NAMED} more`] : [];
  return [...triggers.slice(0, MAX_NAMED).map(inWords), ...more].join(', ');
}

function inWords({ table, name }: Trigger): string {
  return `${name} on ${table}`;
}
