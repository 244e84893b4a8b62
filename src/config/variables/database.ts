import { z } from 'zod';
import { readConnectionUrl } from '../../database/connection-url.ts';
import { duration, urlReadBy } from '../formats.ts';
import { variable } from '../variable.ts';

/** Where the data is, and how the server talks to its database. */
export function databaseVariables() {
  return {
    DATA_DIR: variable(z.string().trim().min(1, 'expected a directory').default('.data'), {
      description:
        'The directory of the embedded database, the secrets of development, and the mails that development writes as files.',
      default: '.data',
    }),
    DATABASE_URL: variable(urlReadBy(readConnectionUrl).optional(), {
      description:
        'A PostgreSQL server, 14 or newer. In a user or a password, `%` is written `%25`, `@` `%40`, `/` `%2F`, `?` `%3F` and `#` `%23`.',
      otherwise: 'an embedded PostgreSQL in `DATA_DIR`',
      example: 'postgresql://user:password@localhost:5432/gatehouse',
    }),
    GATEHOUSE_SCHEMA: variable(
      z
        .string()
        .regex(/^[^,"\0]{1,63}$/, 'expected the name of one schema')
        .refine((name) => !/^(pg_|information_schema$)/.test(name), "expected a schema that is not PostgreSQL's own")
        .optional(),
      {
        description:
          "The schema of PostgreSQL for Gatehouse's own tables in a new database. Those of the content are in `public`, or in the `schema` of `DATABASE_URL`.",
        otherwise: '`gatehouse`; where the tables are, in an installation from before there was a choice',
      },
    ),
    DATABASE_LISTEN_URL: variable(urlReadBy((text) => readConnectionUrl(text, { pool: false })).optional(), {
      description:
        'The PostgreSQL server itself, for notifications and migrations, where `DATABASE_URL` is a pooler in transaction mode.',
      otherwise: '`DATABASE_URL`',
    }),
    DATABASE_STATEMENTS: variable(z.enum(['named', 'unnamed'], { error: 'expected named or unnamed' }).optional(), {
      description: 'Whether statements that are used often are prepared once: `named` or `unnamed`.',
      otherwise: 'found out at start',
    }),
    STATEMENT_TIMEOUT: variable(duration('10s'), {
      description: 'How long one SQL statement can take on a PostgreSQL server.',
      default: '10s',
    }),
  };
}
