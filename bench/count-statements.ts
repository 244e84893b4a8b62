import { ask } from './ask.ts';
import type { BenchDatabase } from './database.ts';
import { FILTERED_POSTS } from './filtered-posts.ts';
import { type BenchQuestion, questionsFor } from './questions.ts';
import { type ServerProcess, startServer } from './server-process.ts';
import type { GatehouseOptions } from './servers/gatehouse.ts';

/**
 * How many SQL statements each question takes, by its name. Counted one request at a time, apart from what is timed; on
 * the way an empty database gets its example blog.
 *
 * @throws Error when the same question does not always take the same number.
 */
export async function countStatements({ location, directory }: BenchDatabase): Promise<ReadonlyMap<string, number>> {
  const options: GatehouseOptions = { location, directory, countStatements: true };
  await using server = await startServer('gatehouse.ts', options);
  const counts = new Map<string, number>();
  for (const question of [...(await questionsFor(server.url)), FILTERED_POSTS]) {
    counts.set(question.name, await statementsOf(server, server.url, question));
  }
  return counts;
}

/**
 * How many SQL statements a server takes for a question, as far as it counts them.
 *
 * @throws Error when it does not always take the same number.
 */
export async function statementsOf(server: ServerProcess, url: string, question: BenchQuestion): Promise<number> {
  const seen = new Set<number>();
  await ask(question.name, url, question, question.expected); // from then on it is known who asks
  for (let time = 0; time < 5; time++) {
    const { statements: before } = await server.usage();
    await ask(question.name, url, question, question.expected);
    const { statements: after } = await server.usage();
    seen.add(after - before);
  }
  const [count, ...others] = seen;
  if (count === undefined || others.length > 0) {
    throw new Error(`${question.name}: now ${[...seen].join(', now ')} SQL statements`);
  }
  return count;
}
