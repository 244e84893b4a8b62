import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { StartRefused } from '../common/start-refused.ts';
import { OWN_MODELS } from '../database/migration-engine.ts';
import { type Adoption, type OwnNames, planAdoption } from './plan-adoption.ts';
import { readDatabase } from './read-database.ts';

/** Nothing was written: the message says why, and what to do. */
export class AdoptionRefused extends StartRefused {}

export interface AdoptOptions {
  /** The folder of the project. */
  readonly project: string;
  /** Only say what would be written. */
  readonly plan: boolean;
  /** The schema of Gatehouse's own tables, where it is set: `GATEHOUSE_SCHEMA`. */
  readonly ownSchema?: string | undefined;
  /** Replace the models that are there. */
  readonly replace: boolean;
}

export interface Adopted extends Adoption {
  /** Files that were written, seen from the project. */
  readonly written: readonly string[];
  /** Content files of models that are still there: they stay as they are. */
  readonly kept: readonly string[];
  /** Content files of models that are gone. */
  readonly removed: readonly string[];
}

const SCHEMA = join('prisma', 'schema');
const MODELS = join(SCHEMA, 'content.prisma');
const CONTENT = join('src', 'app', 'content');

/**
 * Makes the tables of an existing database models and content types of this project. The database is only read.
 *
 * @throws AdoptionRefused where models would be lost, or this is no project; DatabaseUnreachable.
 */
export async function adopt(url: string, { project, plan, replace, ownSchema }: AdoptOptions): Promise<Adopted> {
  if (!existsSync(join(project, SCHEMA)))
    throw new AdoptionRefused(`There is no ${SCHEMA} here. Run this in the folder of the project`);
  const own = ownNames();
  const models = join(project, MODELS);
  if (!plan && !replace && existsSync(models) && /^\s*(model|view) /m.test(readFileSync(models, 'utf8'))) {
    throw new AdoptionRefused(
      `${MODELS} has models already. With --replace it is replaced, and content types of models that are gone are removed`,
    );
  }
  const { introspection, catalogue, sharesSchema } = await readDatabase(url, ownSchema);
  const names = sharesSchema ? own : { ...own, tables: new Set<string>() };
  const adoption = planAdoption(introspection, catalogue, names);
  const folder = join(project, CONTENT);
  const kept = adoption.files.filter(({ file }) => existsSync(join(folder, file)));
  const files = adoption.files.filter((file) => !kept.includes(file));
  const removed = existsSync(folder)
    ? readdirSync(folder).filter(
        (name) => name.endsWith('.ts') && name !== 'index.ts' && !adoption.files.some(({ file }) => file === name),
      )
    : [];
  const texts = new Map([
    [MODELS, adoption.models],
    ...files.map(({ file, text }) => [join(CONTENT, file), text] as const),
    [join(CONTENT, 'index.ts'), indexOf(adoption)],
  ]);
  if (!plan) {
    for (const name of removed) rmSync(join(folder, name));
    for (const [file, text] of texts) {
      mkdirSync(dirname(join(project, file)), { recursive: true });
      writeFileSync(join(project, file), text);
    }
  }
  return {
    ...adoption,
    written: [...texts.keys()],
    kept: kept.map(({ file }) => join(CONTENT, file)),
    removed: removed.map((name) => join(CONTENT, name)),
  };
}

/** The names that Gatehouse's own models and tables have. */
function ownNames(): OwnNames {
  const schema = readFileSync(OWN_MODELS, 'utf8');
  const found = (pattern: RegExp) => new Set([...schema.matchAll(pattern)].map(([, name = '']) => name));
  return { models: found(/^(?:model|enum) (\w+)/gm), tables: found(/@@map\("(\w+)"\)/g) };
}

function indexOf({ files }: Adoption): string {
  return `// The content types of this server. A new one is its Prisma model, its file beside this one, its line here, a migration.
${files.length > 0 ? files.map(({ line }) => line).join('\n') : 'export {};'}
`;
}
