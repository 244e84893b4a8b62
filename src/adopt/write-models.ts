import type { Enum, Field } from './introspected.ts';
import type { NamedTable } from './named-tables.ts';
import { capital, unusedName, wordsOf } from './names.ts';
import { TYPES } from './taken-names.ts';

/**
 * The models and enums as a Prisma schema.
 *
 * @param taken names of models and enums that are there already.
 */
export function modelsAsPrisma(
  tables: readonly NamedTable[],
  enums: readonly Enum[],
  taken: ReadonlySet<string>,
): string {
  const used = enums.filter(({ name }) => tables.some(({ table }) => table.fields.some(({ type }) => type === name)));
  const names = new Set([...taken, ...TYPES, ...tables.map(({ model }) => model)]);
  const enumNames = new Map<string, string>();
  for (const one of used) {
    const name = unusedName(enumName(one), (name) => names.has(name), 'Enum');
    names.add(name);
    enumNames.set(one.name, name);
  }
  return [
    ...used.map((one) => enumAsPrisma(one, enumNames.get(one.name) ?? one.name)),
    ...tables.map((one) => modelAsPrisma(one, tables, enumNames)),
  ].join('\n\n');
}

function enumName({ type }: Enum): string {
  const name = wordsOf(type).map(capital).join('');
  return /^[A-Z]/.test(name) ? name : `Enum${name}`;
}

function enumAsPrisma(one: Enum, name: string): string {
  const map = name === one.type ? [] : ['', `  @@map("${one.type}")`];
  return [`enum ${name} {`, ...one.lines.map((line) => `  ${line}`), ...map, '}'].join('\n');
}

function modelAsPrisma(
  { table, model, names }: NamedTable,
  tables: readonly NamedTable[],
  enums: ReadonlyMap<string, string>,
): string {
  const lines = table.fields.map((field) => {
    const target = tables.find((one) => one.table.name === field.type);
    const name = names.get(field.name) ?? field.name;
    const type = `${target?.model ?? enums.get(field.type) ?? field.type}${field.arity}`;
    const map = target || name === field.column ? '' : `@map("${field.column}")`;
    const attributes = target ? relationAttributes(field, { table, model, names }, target) : field.attributes;
    return [name, type, [attributes, map].filter((one) => one !== '').join(' ')] as const;
  });
  const width = (index: 0 | 1) => Math.max(...lines.map((line) => line[index].length));
  const [nameWidth, typeWidth] = [width(0), width(1)];
  const fields = lines.map(([name, type, rest]) =>
    `  ${name.padEnd(nameWidth)} ${type.padEnd(typeWidth)} ${rest}`.trimEnd(),
  );
  const attributes = [
    ...table.attributes.map((attribute) => renamedIn(attribute, names)),
    ...(model === table.table ? [] : [`@@map("${table.table}")`]),
  ];
  return [
    `model ${model} {`,
    ...fields,
    ...(attributes.length > 0 ? ['', ...attributes.map((attribute) => `  ${attribute}`)] : []),
    '}',
  ].join('\n');
}

function relationAttributes(field: Field, { names }: NamedTable, target: NamedTable): string {
  return field.attributes
    .replace(/fields: \[([^\]]*)\]/, (_all, list: string) => `fields: [${renamedList(list, names)}]`)
    .replace(/references: \[([^\]]*)\]/, (_all, list: string) => `references: [${renamedList(list, target.names)}]`);
}

function renamedList(list: string, names: ReadonlyMap<string, string>): string {
  return list
    .split(', ')
    .map((name) => names.get(name) ?? name)
    .join(', ');
}

/** `@@index([title(ops: raw("gin_trgm_ops")), film_id])`: the names at the beginning of each entry. */
function renamedIn(attribute: string, names: ReadonlyMap<string, string>): string {
  return attribute.replace(/"(?:[^"\\]|\\.)*"|(?<=\[|, )\w+(?=[,\](])/g, (name) => names.get(name) ?? name);
}
