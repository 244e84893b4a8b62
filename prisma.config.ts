import { defineConfig } from 'prisma-cli/config';

// Only for `prisma generate` and for tools that read the schema: the server opens its own connection.
export default defineConfig({ schema: 'prisma/schema', migrations: { path: 'prisma/migrations' } });
