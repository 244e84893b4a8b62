// A generator for `prisma generate`: writes what prisma/schema/ says of each model's table, columns and keys, which the
// Prisma client keeps to itself, to src/generated/models.ts. Plain JavaScript: Prisma runs it on whatever Node is there.
//
// Prisma speaks JSON-RPC with its generators, a line a message: requests on standard input, answers on standard error.
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { createInterface } from 'node:readline';

const methods = {
  getManifest: () => ({ manifest: { prettyName: 'Models', defaultOutput: '../../src/generated/models.ts' } }),
  generate({ generator, dmmf }) {
    const file = generator.output.value;
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, modelsAsTypeScript(dmmf.datamodel));
    return null;
  },
};

createInterface({ input: process.stdin }).on('line', (line) => {
  const { method, params, id } = JSON.parse(line);
  const answer = {};
  try {
    answer.result = methods[method](params);
  } catch (error) {
    answer.error = { code: -32000, message: error.message, data: { stack: error.stack } };
  }
  process.stderr.write(`${JSON.stringify({ jsonrpc: '2.0', ...answer, id })}\n`);
});

const INTERFACES = `
export interface GeneratedModel {
  readonly table: string;
  /** The schema of PostgreSQL that the table is in; null: the default one. */
  readonly schema: string | null;
  /** The fields of the primary key. */
  readonly key: readonly string[];
  readonly uniqueTogether: readonly (readonly string[])[];
  readonly fields: Readonly<Record<string, GeneratedField>>;
}

export type GeneratedField = GeneratedColumn | GeneratedRelation;

export interface GeneratedColumn {
  readonly kind: 'scalar' | 'enum' | 'unsupported';
  readonly type: string;
  readonly list: boolean;
  readonly required: boolean;
  readonly column: string;
  readonly unique: boolean;
  readonly hasDefault: boolean;
  /** The type after @db., and its numbers: VarChar and 100. */
  readonly native: string | null;
  readonly sizes: readonly string[];
}

export interface GeneratedRelation {
  readonly kind: 'object';
  readonly type: string;
  readonly list: boolean;
  readonly required: boolean;
  /** The relation's name, which both of its sides have. */
  readonly relation: string;
  /** The fields of this model that hold the key, and those of the other that they refer to; empty on the other side. */
  readonly from: readonly string[];
  readonly to: readonly string[];
}
`;

function modelsAsTypeScript({ models, enums }) {
  const modelsByName = Object.fromEntries(models.map((model) => [model.name, described(model)]));
  const enumsByName = Object.fromEntries(
    enums.map(({ name, values }) => [
      name,
      Object.fromEntries(values.map((value) => [value.name, value.dbName ?? value.name])),
    ]),
  );
  return [
    '// Made by scripts/models-generator.mjs from prisma/schema/.',
    INTERFACES,
    '/** The models of the schema, by name. */',
    `export const models: Readonly<Record<string, GeneratedModel>> = ${JSON.stringify(modelsByName, undefined, 2)};`,
    '/** The values of each enum, and what each is called in the database. */',
    `export const enums: Readonly<Record<string, Readonly<Record<string, string>>>> = ${JSON.stringify(enumsByName, undefined, 2)};`,
    '',
  ].join('\n');
}

function described({ dbName, schema, name, fields, primaryKey, uniqueFields }) {
  return {
    table: dbName ?? name,
    schema: schema ?? null,
    key: primaryKey?.fields ?? fields.filter((field) => field.isId).map((field) => field.name),
    uniqueTogether: uniqueFields,
    fields: Object.fromEntries(fields.map((field) => [field.name, describedField(field)])),
  };
}

function describedField(field) {
  const { kind, type, isList, isRequired, isUnique, isId, hasDefaultValue, isUpdatedAt } = field;
  const common = { kind, type, list: isList, required: isRequired };
  if (kind === 'object') {
    return { ...common, relation: field.relationName, from: field.relationFromFields, to: field.relationToFields };
  }
  const [native = null, sizes = []] = field.nativeType ?? [];
  return {
    ...common,
    column: field.dbName ?? field.name,
    unique: isUnique || isId,
    hasDefault: hasDefaultValue || isUpdatedAt === true,
    native,
    sizes,
  };
}
