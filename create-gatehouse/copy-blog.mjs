// npm pack
// The example blog of a new application is that of Gatehouse's own repository: its content types, its models and their migrations.
import { cpSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const repository = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url));
const template = (path) => fileURLToPath(new URL(`template/${path}`, import.meta.url));

rmSync(template('blog'), { recursive: true, force: true });
for (const path of ['src/app', 'prisma/schema/content.prisma', 'prisma/schema/user.prisma', 'prisma/migrations']) {
  cpSync(repository(path), template(`blog/${path}`), { recursive: true });
}
cpSync(repository('.env.example'), template('common/.env.example'));
for (const file of ['app.ts', 'extend.ts', 'user.ts'])
  cpSync(repository(`src/app/${file}`), template(`empty/src/app/${file}`));
cpSync(repository('prisma/schema/user.prisma'), template('empty/prisma/schema/user.prisma'));
