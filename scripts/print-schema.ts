// npm run schema
// Writes schema.graphql and schema.admin.graphql: what /graphql and /admin/graphql serve, sorted, so that a change of the API shows up in review as a changed line.
// Opens no port and no database.
import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { PrismaPg } from '@prisma/adapter-pg';
import { lexicographicSortSchema, printSchema } from 'graphql';
import { pino } from 'pino';
import { readConfig } from '../src/config.ts';
import { NO_CHANGES } from '../src/database/changes.ts';
import { createGatehouse } from '../src/gatehouse.ts';
import { PrismaClient } from '../src/generated/prisma/client.ts';

const secret = () => randomBytes(48).toString('base64url');
const url = 'postgresql://nowhere.invalid/nothing'; // the client connects with its first statement, and there is none
const prisma = new PrismaClient({ adapter: new PrismaPg({ connectionString: url }) });
const gatehouse = await createGatehouse({
  config: readConfig({ DATABASE_URL: url, JWT_SECRET: secret(), ADMIN_JWT_SECRET: secret() }), // with secrets it makes none, and no directory
  database: {
    kind: 'server',
    prisma,
    query: () => Promise.reject(new Error('There is no database')),
    statements: undefined,
    changes: NO_CHANGES,
    foldCase: (expression) => expression,
    close: () => prisma.$disconnect(),
  },
  log: pino({ level: 'silent' }),
});
for (const [file, schema] of [
  ['schema.graphql', gatehouse.schema],
  ['schema.admin.graphql', gatehouse.adminSchema],
] as const) {
  writeFileSync(file, `${printSchema(lexicographicSortSchema(schema))}\n`);
}
await gatehouse.close();
