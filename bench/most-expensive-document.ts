// The most expensive document that the limits accept: node bench/most-expensive-document.ts --seconds 20 --seed 1. With BENCH_DATABASE_URL on a server of
// this machine (Linux), else embedded. Documents are made at random out of the schema, over the example blog, and the slowest
// are changed further: filters, sorts, pages, nesting, aliases, connections, mutations. Each is measured alone, and then
// as often as the limits let it stand in one operation. The exit code is 1 where that takes the database more than a second.

import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { DEFAULT_LIMITS, type Limits } from '../src/graphql/operation/limits.ts';
import { openBenchDatabase } from './database.ts';
import { table } from './markdown.ts';
import { type Examination, openExamination } from './random-documents/database-time.ts';
import { createBreeder, type Genome, randomFrom, write } from './random-documents/genome.ts';
import { KNOWN } from './random-documents/known.ts';

/** Milliseconds of the database that no operation may take. */
const BOUND = 1_000;
/** As many as are changed further. */
const KEPT = 24;

interface Candidate {
  readonly genome: Genome;
  readonly copies: number;
  readonly alone: number;
  /** Milliseconds of as many copies as are accepted together, foretold from one. */
  readonly foretold: number;
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      seconds: { type: 'string', default: '20' },
      seed: { type: 'string', default: '1' },
      json: { type: 'string' },
    },
  });
  await using database = await openBenchDatabase(process.env['BENCH_DATABASE_URL']);
  await using examination = await openExamination(database);
  await examination.take('ANALYZE', []);
  const random = randomFrom(Number(values.seed));
  const breeder = createBreeder(examination.schema, random, await documentIdsOf(examination));

  const until = performance.now() + Number(values.seconds) * 1_000;
  const seen = { made: 0, refused: 0, faulty: 0 };
  let best: Candidate[] = [];
  const known = [...KNOWN];
  while (performance.now() < until) {
    const parent = best[random(best.length)];
    const others = best.map(({ genome }) => genome);
    const genome =
      known.shift() ?? (parent && random(100) < 80 ? breeder.mutated(parent.genome, others) : breeder.fresh());
    seen.made++;
    const candidate = await measured(examination, genome, seen, best.length < KEPT ? 0 : (best.at(-1)?.foretold ?? 0));
    if (!candidate) continue;
    best = [...best, candidate].sort((one, other) => other.foretold - one.foretold).slice(0, KEPT);
  }

  process.stdout.write(
    `${database.description}: ${seen.made} documents, ${seen.refused} refused, ${seen.faulty} with faults. The slowest:\n\n`,
  );
  const rows: string[][] = [];
  let slowest = 0;
  const told: unknown[] = [];
  for (const { genome, alone, foretold } of best.slice(0, 8)) {
    const copies = await mostCopies(examination, genome);
    const { document, variables } = write(examination.schema, genome, copies);
    const { milliseconds } = await examination.examine(document, variables);
    const cost = examination.costOf(document, variables);
    slowest = Math.max(slowest, milliseconds);
    const one = write(examination.schema, genome);
    told.push({ milliseconds, copies, cost, ...one });
    rows.push([
      milliseconds.toFixed(0),
      foretold.toFixed(0),
      String(copies),
      alone.toFixed(1),
      cost.toFixed(0),
      `${one.document} ${JSON.stringify(one.variables)}`.slice(0, 160),
    ]);
  }
  process.stdout.write(`${table(['ms', 'foretold', 'copies', 'one', 'cost', 'one copy'], rows)}\n`);
  if (values.json !== undefined) writeFileSync(values.json, JSON.stringify(told, null, 2));
  if (slowest > BOUND) process.exitCode = 1;
}

/** Undefined for a document that does not run at all. */
async function measured(
  examination: Examination,
  genome: Genome,
  seen: { refused: number; faulty: number },
  toBeat: number,
): Promise<Candidate | undefined> {
  const { document, variables } = write(examination.schema, genome);
  const { refused, errors, milliseconds } = await examination.examine(document, variables);
  if (refused !== undefined) seen.refused++;
  else if (errors.length > 0) seen.faulty++;
  if (genome.operation === 'mutation') await tidy(examination);
  if (refused !== undefined || errors.length > 0) return undefined;
  const copies = copiesWithin(DEFAULT_LIMITS, document, examination.costOf(document, variables));
  if (milliseconds * copies < toBeat) return undefined;
  // What is new to an engine runs slowly at first: what looks dear is taken again.
  const again = await examination.examine(document, variables);
  if (genome.operation === 'mutation') await tidy(examination);
  const alone = Math.min(milliseconds, again.milliseconds);
  return { genome, copies, alone, foretold: alone * copies };
}

/** As many copies of a document as the limits will let stand in one operation, by what they count. */
function copiesWithin({ rootFields, aliases, fields, cost }: Limits, document: string, costOfOne: number): number {
  const named = document.match(/\ba\d+:/g)?.length ?? 0;
  const all = document.slice(document.indexOf('{')).match(/\w+(?=[({ }])/g)?.length ?? 1;
  return Math.max(1, Math.floor(Math.min(rootFields, aliases / (named + 1), fields / all, cost / costOfOne)));
}

/** As many copies of a document as one operation may hold. */
async function mostCopies({ schema, refusalOf }: Examination, genome: Genome): Promise<number> {
  let accepted = 1;
  let refused = 201; // there are 200 root fields at most
  while (refused - accepted > 1) {
    const middle = Math.floor((accepted + refused) / 2);
    const { document, variables } = write(schema, genome, middle);
    if ((await refusalOf(document, variables)) === undefined) accepted = middle;
    else refused = middle;
  }
  return accepted;
}

async function documentIdsOf({ rows }: Examination): Promise<string[]> {
  const found = await rows(
    'SELECT "documentId" FROM (SELECT "documentId" FROM tags UNION ALL SELECT "documentId" FROM authors UNION ALL SELECT "documentId" FROM categories) AS known',
  );
  return found.map((row) => String(row['documentId']));
}

/** What documents created is taken away: each is to be measured on the example blog. */
async function tidy({ rows }: Examination): Promise<void> {
  for (const [name, rowsOfBlog] of [
    ['posts', 50],
    ['tags', 10],
    ['authors', 5],
    ['categories', 5],
  ] as const) {
    await rows(`DELETE FROM ${name} WHERE id > ${rowsOfBlog}`);
  }
}

await main();
