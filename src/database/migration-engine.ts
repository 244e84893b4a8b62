import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  bindMigrationAwareSqlAdapterFactory,
  type SqlMigrationAwareDriverAdapterFactory,
} from '@prisma/driver-adapter-utils';
import * as bindings from '@prisma/schema-engine-wasm/schema_engine_bg';

/** Where migrations are: those of Gatehouse's own tables, and those of the application's. */
export interface MigrationFolders {
  readonly own: string;
  readonly content: string;
}

/** Gatehouse's migrations, and those of the application in the working directory. */
export const MIGRATIONS: MigrationFolders = {
  own: fileURLToPath(new URL('../../prisma/gatehouse-migrations', import.meta.url)),
  content: resolve('prisma/migrations'),
};

/** The Prisma schema of Gatehouse's own tables. */
export const OWN_MODELS = fileURLToPath(new URL('../../prisma/schema/gatehouse.prisma', import.meta.url));

/** A comparison leaves out no table and no enum. */
export const EVERYTHING: bindings.SchemaFilter = { externalTables: [], externalEnums: [] };

/** A file of the Prisma schema: its path and its content. */
export interface SchemaFile {
  readonly path: string;
  readonly content: string;
}

/** The smallest schema that is enough to apply migrations. */
const DATASOURCE: SchemaFile = {
  path: 'datasource.prisma',
  content: 'datasource db {\n  provider = "postgresql"\n}\n',
};

/** Prisma's own schema engine in this process, on the given database. Call `free()` when done. */
export async function startMigrationEngine(
  adapter: SqlMigrationAwareDriverAdapterFactory,
  schema: readonly SchemaFile[] = [DATASOURCE],
): Promise<bindings.SchemaEngine> {
  await loaded();
  return bindings.SchemaEngine.new(
    { datamodels: schema.map(({ path, content }) => [path, content]) },
    () => undefined, // the engine's own log
    bindMigrationAwareSqlAdapterFactory(adapter),
  );
}

/** The names of the migrations, oldest first. */
export function migrationNames(directory: string): string[] {
  if (!existsSync(directory)) return []; // an application that has made none yet
  return readdirSync(directory, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
}

/** The SQL of a migration. */
export function migrationSql(directory: string, name: string): string {
  return readFileSync(join(directory, name, 'migration.sql'), 'utf8');
}

/** The migrations in the engine's format. `prefix`: what stands in front of their names in the history. */
export function migrationList(directory: string, prefix = ''): bindings.MigrationList {
  return {
    baseDir: directory,
    lockfile: { path: 'migration_lock.toml', content: 'provider = "postgresql"\n' },
    shadowDbInitScript: '',
    migrationDirectories: migrationNames(directory).map((name) => ({
      path: `${prefix}${name}`,
      migrationFile: { path: 'migration.sql', content: { tag: 'ok', value: migrationSql(directory, name) } },
    })),
  };
}

/** Node has WebAssembly, but its types are only in the type definitions of browsers. */
declare const WebAssembly: {
  instantiate(bytes: Uint8Array, imports: object): Promise<{ readonly instance: { readonly exports: object } }>;
};

let loading: Promise<void> | undefined;

/** Loads the engine without a module import: Node can import a `.wasm` file, but not every tool that runs this code can. */
function loaded(): Promise<void> {
  loading ??= (async () => {
    const glue = createRequire(import.meta.url).resolve('@prisma/schema-engine-wasm/schema_engine_bg');
    const bytes = await readFile(glue.replace(/\.js$/, '.wasm'));
    const { instance } = await WebAssembly.instantiate(bytes, { './schema_engine_bg.js': bindings });
    // The glue of wasm-bindgen, whose types name neither.
    const exports = instance.exports as { __wbindgen_start(): void };
    (bindings as unknown as { __wbg_set_wasm(exports: unknown): void }).__wbg_set_wasm(exports);
    exports.__wbindgen_start();
  })();
  return loading;
}
