import { StartRefused } from '../common/start-refused.ts';

/**
 * A migration for tables that a database has already: where they are, it does nothing. A new database, such as that of tests, gets
 * them.
 *
 * @throws StartRefused for SQL that does more than create tables.
 */
export function asExisting(sql: string): string {
  const statements = statementsIn(sql);
  const other = statements.find((statement) => !CREATES.test(statement));
  if (other !== undefined) {
    throw new StartRefused(
      `--existing is for tables that are there already, and this changes something: ${other.split('\n')[0]}. Make that migration first, without --existing`,
    );
  }
  const tables = statements.flatMap((statement) => /^CREATE TABLE ("(?:[^"]|"")+")/.exec(statement)?.[1] ?? []);
  const names = tables.map((table) => `'${table.slice(1, -1).replaceAll('""', '"').replaceAll("'", "''")}'`);
  if (names.length === 0) throw new StartRefused('--existing is for tables that are there already, and none is new');
  const tag = unusedTag(sql);
  return `-- Tables that were there before Gatehouse. In their database this does nothing. A new database, such as that of tests, gets them.
DO ${tag}
DECLARE
  missing text[];
BEGIN
  SELECT array_agg(name) INTO missing
  FROM unnest(ARRAY[${names.join(', ')}]) AS wanted(name)
  WHERE to_regclass(format('%I.%I', current_schema(), name)) IS NULL;
  IF missing IS NULL THEN
    RETURN;
  END IF;
  IF cardinality(missing) < ${names.length} THEN
    RAISE EXCEPTION 'some of these tables are there, and these are not: %', array_to_string(missing, ', ');
  END IF;

${statements.map((statement) => `  ${indented(statement)};`).join('\n\n')}
END
${tag};`;
}

/** Texts, names, texts in dollars, comments, and what is between them. A default value can hold anything. */
const TOKENS =
  /\b[eE]'(?:[^'\\]|\\.|'')*'|'(?:[^']|'')*'|"(?:[^"]|"")*"|(?<![\w$])(\$(?:[A-Za-z_]\w*)?\$).*?\1|--[^\n]*\n?|[\s\S]/gs;

function statementsIn(sql: string): string[] {
  const statements = [''];
  for (const [token] of sql.matchAll(TOKENS)) {
    if (token === ';') statements.push('');
    else if (!token.startsWith('--')) statements[statements.length - 1] += token;
  }
  return statements.map((statement) => statement.trim()).filter(Boolean);
}

/** The lines of a text stay as they are. */
function indented(statement: string): string {
  return statement.replaceAll(TOKENS, (token, _quotes, at: number) =>
    token === '\n' && statement[at + 1] !== '\n' ? '\n  ' : token,
  );
}

/** Quotes the migration, whatever a default value in it has. */
function unusedTag(sql: string): string {
  for (let number = 1; ; number += 1) {
    const tag = `$existing${number === 1 ? '' : number}$`;
    if (!sql.includes(tag)) return tag;
  }
}

const CREATES = /^(?:CREATE (?:TABLE|TYPE|UNIQUE INDEX|INDEX)|ALTER TABLE "(?:[^"]|"")+" ADD CONSTRAINT) /;
