import { citext } from '@electric-sql/pglite/contrib/citext';

/** What an embedded database can `CREATE EXTENSION` of: columns of databases that became content types have this type. */
export const EMBEDDED_EXTENSIONS = { citext } as const;
