// Writes the files of a new application.
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const TEMPLATE = fileURLToPath(new URL('template/', import.meta.url));
const { version } = JSON.parse(readFileSync(new URL('package.json', import.meta.url), 'utf8'));

/** The oldest Node.js that runs Gatehouse. An older one gets a newer one among the packages of the application. */
const OLDEST_NODE = 24;
const NODE = '26.10.0';

/** The content that a new application can begin with. */
export const EXAMPLES = ['blog', 'empty'];

/**
 * Writes a new application to a folder that is empty or not there yet.
 *
 * @param example one of EXAMPLES.
 * @param database the URL of a PostgreSQL server; undefined for the embedded database.
 * @param adopt whether the content is that of the database: no example is put into it.
 * @param gatehouse what npm installs as `gatehouse`: a range of versions, or the file of a package.
 * @throws Error where the folder has files.
 */
export function writeApplication({ folder, example, database, adopt, gatehouse = `^${version}` }) {
  const directory = resolve(folder);
  const there = existsSync(directory) ? readdirSync(directory).filter((name) => name !== '.git') : [];
  if (there.length > 0) throw new Error(`${folder} is not empty`);
  mkdirSync(directory, { recursive: true });
  for (const part of ['common', example]) cpSync(join(TEMPLATE, part), directory, { recursive: true });
  const write = (file, text) => writeFileSync(join(directory, file), text);
  // npm packs no file of this name.
  write('.gitignore', ['node_modules/', 'src/generated/', '.data/', '.env', ''].join('\n'));
  write('package.json', `${JSON.stringify(packageJson(nameOf(directory), gatehouse), undefined, 2)}\n`);
  if (database !== undefined) {
    const text = `DATABASE_URL='${database}'\n${adopt ? 'SEED_DEMO=false\n' : ''}`;
    writeFileSync(join(directory, '.env'), text, { mode: 0o600 }); // it has a password
  }
  return directory;
}

function packageJson(name, gatehouse) {
  const isOld = Number(process.versions.node.split('.')[0]) < OLDEST_NODE;
  return {
    name,
    version: '0.0.0',
    private: true,
    type: 'module',
    engines: { node: `>=${OLDEST_NODE}` },
    scripts: {
      start: 'gatehouse start',
      dev: 'gatehouse dev',
      'start:cluster': 'gatehouse start --cluster',
      pretest: 'gatehouse generate',
      test: 'node --test "test/**/*.test.ts"',
      pretypecheck: 'gatehouse generate',
      typecheck: 'tsc',
      generate: 'gatehouse generate',
      schema: 'gatehouse schema',
      'migrate:new': 'gatehouse migrate new',
      gatehouse: 'gatehouse',
      permissions: 'gatehouse permissions',
      'admin:create': 'gatehouse admin create',
    },
    dependencies: { gatehouse },
    devDependencies: {
      '@types/node': '^26.0.0',
      ...(isOld && { node: NODE }),
      typescript: '^7.0.0',
    },
    ...(isOld && { allowScripts: { [`node@${NODE}`]: true } }),
  };
}

/** A folder's name as the name of a package. */
function nameOf(directory) {
  const name = basename(directory)
    .toLowerCase()
    .replaceAll(/[^a-z0-9._-]+/g, '-')
    .replace(/^[._-]+|-+$/g, '');
  return name || 'gatehouse-app';
}
