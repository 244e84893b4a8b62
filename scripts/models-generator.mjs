// A generator for `prisma generate`: writes src/generated/models.ts, which gathers what a server is given of the schema. That is
// what the other generators made, and each model's table, columns and keys, which the Prisma client keeps to itself. Plain
// JavaScript: Prisma runs it on whatever Node is there.
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import helper from '@prisma/generator-helper';

helper.generatorHandler({
  onManifest: () => ({ prettyName: 'Models', defaultOutput: '../../src/generated/models.ts' }),
  async onGenerate({ generator, dmmf, datamodel }) {
    const file = generator.output.value;
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, modelsAsTypeScript(dmmf.datamodel, viewsIn(datamodel), unsupportedIn(datamodel)));
  },
});

/** The names of the views. To Prisma's own description of a schema they are models like all others. */
function viewsIn(datamodel) {
  return [...datamodel.matchAll(/^\s*view\s+(\w+)\s*\{/gm)].map(([, name]) => name);
}

/** The columns of each model that are `Unsupported("tsvector")`. Prisma's own description of a schema leaves them out. */
function unsupportedIn(datamodel) {
  const models = datamodel.matchAll(/^\s*(?:model|view)\s+(\w+)\s*\{[^\n]*\n([\s\S]*?)^\s*\}/gm);
  return Object.fromEntries(
    [...models].map(([, name, body]) => [
      name,
      [...body.matchAll(/^\s*(\w+)\s+Unsupported\("(?:[^"\\]|\\.)*"\)(.*)$/gm)].map(([, field, rest]) => {
        const map = /@map\(("(?:[^"\\]|\\.)*")\)/.exec(rest)?.[1];
        return map === undefined ? field : JSON.parse(map);
      }),
    ]),
  );
}

function modelsAsTypeScript({ models, enums }, views, unsupported) {
  const modelsByName = Object.fromEntries(
    models.map((model) => [
      model.name,
      {
        ...described(model),
        ...(views.includes(model.name) && { view: true }),
        ...(unsupported[model.name]?.length > 0 && { unsupported: unsupported[model.name] }),
      },
    ]),
  );
  const enumsByName = Object.fromEntries(
    enums.map(({ name, values }) => [
      name,
      Object.fromEntries(values.map((value) => [value.name, value.dbName ?? value.name])),
    ]),
  );
  return `// Generated from prisma/schema/.
import type { Models } from 'gatehouse';
import { getDatamodel } from './pothos-types.ts';
import { PrismaClient } from './prisma/client.ts';

const byName: Models['byName'] = ${JSON.stringify(modelsByName, undefined, 2)};

const enums: Models['enums'] = ${JSON.stringify(enumsByName, undefined, 2)};

/** What a server is given of the schema: createGatehouse, by way of openDatabase. */
export const models: Models = { PrismaClient, datamodel: getDatamodel, byName, enums };
`;
}

/** Relations over views of our migrations, which a Prisma schema cannot say. They can be read and filtered by. */
const OVER_VIEWS = {
  User: {
    // The main role and the further ones.
    roles: {
      kind: 'object',
      type: 'Role',
      list: true,
      required: true,
      relation: 'roles_of_users',
      from: [],
      to: [],
      through: { view: 'roles_of_users', here: 'userId', there: 'roleId' },
    },
  },
};

function described({ dbName, schema, name, fields, primaryKey, uniqueFields, uniqueIndexes }) {
  const named = [...(primaryKey ? [primaryKey] : []), ...uniqueIndexes].filter((index) => index.name);
  return {
    table: dbName ?? name,
    schema: schema === 'gatehouse' ? null : (schema ?? null),
    key: primaryKey?.fields ?? fields.filter((field) => field.isId).map((field) => field.name),
    uniqueTogether: uniqueFields,
    together: Object.fromEntries(named.map((index) => [index.fields.join('_'), index.name])),
    fields: {
      ...Object.fromEntries(fields.map((field) => [field.name, describedField(field)])),
      ...OVER_VIEWS[name],
    },
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
    generated: generatedBy(field.default),
    updatedAt: isUpdatedAt === true,
    native,
    sizes,
  };
}

/** The defaults that Prisma's client computes. The others are in the database: migrations give them to the column. */
const GENERATED = ['now', 'cuid', 'uuid', 'ulid', 'nanoid'];

/** The function that computes a default, and its number: the version of an id, or its length. */
function generatedBy(value) {
  const { name, args } = value ?? {};
  return GENERATED.includes(name) ? { by: name, number: args[0] ?? null } : null;
}
