import type { Database, Query } from '../../src/database/open.ts';
import type { PrismaClient } from '../../src/generated/prisma/client.ts';
import type { Written } from './serve.ts';

/**
 * A database that is asked for posts each time, and for everything else only once. Each time that it is asked is reported,
 * with the statement where it was not Prisma that wrote it.
 */
export function rememberingAllButPosts(database: Database, onAsked: (query?: Written) => void): Database {
  const answers = new Map<string, Promise<unknown>>();
  function remember<Answer>(key: string, ask: () => Promise<Answer>): Promise<Answer> {
    const before = answers.get(key);
    if (before) return before as Promise<Answer>; // of the same key
    const answer = (async () => ask())(); // Prisma asks again each time that its own kind of promise is awaited
    answers.set(key, answer);
    return answer;
  }

  const query: Query = (sql, values) => {
    const ask = () => {
      onAsked({ sql, values });
      return database.query(sql, values);
    };
    return sql.includes('"posts"') ? ask() : remember(`${sql} ${JSON.stringify(values)}`, ask);
  };

  const rememberingModel = (name: string, model: Model): Model =>
    new Proxy(model, {
      get: (_, operation: string) => (args: unknown) =>
        remember(`${name}.${operation} ${JSON.stringify(args)}`, () => {
          onAsked();
          return model[operation]?.(args) ?? Promise.reject(new Error(`Prisma has no ${name}.${operation}`));
        }),
    });
  const prisma: PrismaClient = new Proxy(database.prisma, {
    get(client, name) {
      const member: unknown = Reflect.get(client, name);
      return typeof name === 'string' && IS_MODEL.test(name) ? rememberingModel(name, member as Model) : member;
    },
  });
  return { ...database, prisma, query };
}

type Model = Readonly<Record<string, (args: unknown) => Promise<unknown>>>;

/** Prisma's own members begin with `$` and `_`. */
const IS_MODEL = /^[a-z]/;
