import { readdirSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  bindMigrationAwareSqlAdapterFactory,
  type SqlMigrationAwareDriverAdapterFactory,
} from '@prisma/driver-adapter-utils';
import * as bindings from '@prisma/schema-engine-wasm/schema_engine_bg';

/** Where the migrations of this project are. */
export const MIGRATIONS = fileURLToPath(new URL('../../prisma/migrations', import.meta.url));

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
  return readdirSync(directory, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
}

/** The migrations in the engine's format. */
export function migrationList(directory: string): bindings.MigrationList {
  return {
    baseDir: directory,
    lockfile: { path: 'migration_lock.toml', content: 'provider = "postgresql"\n' },
    shadowDbInitScript: '',
    migrationDirectories: migrationNames(directory).map((name) => ({
      path: name,
      migrationFile: {
        path: 'migration.sql',
        content: { tag: 'ok', value: readFileSync(join(directory, name, 'migration.sql'), 'utf8') },
      },
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
