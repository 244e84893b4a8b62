import { join } from 'node:path';
import { type GraphQLSchema, validateSchema } from 'graphql';
import type { ContentType } from './content-type.ts';
import { ContentTypeError } from './content-type-error.ts';

/**
 * Checks content types against each other: a model or a name in the schema belongs to one type only, and every relation
 * points to a content type.
 *
 * @throws ContentTypeError with a line for each conflict, starting with the file of the type.
 */
export function checkConflicts(types: readonly ContentType[]): void {
  const models = new Map<string, ContentType>();
  const names = new Map<string, ContentType>();
  // Built-in types first, so that the error names the file of the other one.
  const isBuiltIn = (type: ContentType) => type.file.startsWith(BUILT_IN);
  const faults = types
    .toSorted((one, other) => Number(isBuiltIn(other)) - Number(isBuiltIn(one)))
    .flatMap((type) => {
      const same = models.get(type.model);
      if (same) return [`${type.file}: ${type.model} already has a content type (${same.file})`];
      models.set(type.model, type);
      const taken = namesOf(type).filter((name) => names.has(name));
      for (const name of namesOf(type)) if (!names.has(name)) names.set(name, type);
      return [
        ...taken
          .slice(0, 1)
          .map(
            (name) =>
              `${type.file}: ${type.model}: the ${name} is already defined by ${names.get(name)?.file}. ${REMEDY}`,
          ),
        ...danglingRelations(type, types),
      ];
    });
  if (faults.length > 0) throw new ContentTypeError(faults.join('\n'));
}

const BUILT_IN = join('src', 'graphql');

const REMEDY = 'Set another name or plural for one of them';

/** A relation needs a content type as its target: the guard of the target protects the relation. */
function danglingRelations({ file, model, read, write }: ContentType, types: readonly ContentType[]): string[] {
  const relations = new Map(
    [...read, ...write].flatMap((member) =>
      member.kind === 'relation' ? [[member.name, member.target] as const] : [],
    ),
  );
  return [...relations]
    .filter(([, target]) => !types.some((type) => type.model === target))
    .map(
      ([name, target]) =>
        `${file}: ${model}.${name} points to ${target}, which src/app/content/index.ts does not export`,
    );
}

/**
 * Builds a schema with content types and validates it.
 *
 * @throws ContentTypeError with the file of the content type that makes the schema invalid.
 */
export function buildValidSchema(types: readonly ContentType[], build: () => GraphQLSchema): GraphQLSchema {
  let schema: GraphQLSchema;
  try {
    schema = build();
  } catch (error) {
    throw (error instanceof Error && ofContent(types, error)) || error;
  }
  const [error] = validateSchema(schema);
  if (error) throw ofContent(types, error) ?? error;
  return schema;
}

/** Errors of Pothos and GraphQL name the invalid type or field: finds the content type it belongs to. */
function ofContent(types: readonly ContentType[], error: Error): ContentTypeError | undefined {
  if (error instanceof ContentTypeError) return error;
  const words: readonly string[] = error.message.match(/\w+/g) ?? [];
  const type = types.find((one) => namesOf(one).some((name) => words.includes(name.split(' ')[1] ?? '')));
  return (
    type && new ContentTypeError(`${type.file}: ${type.model}: ${error.message.split('\n', 1)[0]}`, { cause: error })
  );
}

/** The names that a content type defines in a schema. */
function namesOf({ kind, name, singular, plural, readOnly }: ContentType): string[] {
  const many = kind === 'collection';
  return [
    `type ${name}`,
    `type ${name}FiltersInput`,
    ...(many ? [`type ${name}EntityResponseCollection`] : []),
    ...(readOnly ? [] : [`type ${name}Input`]),
    `query ${singular}`,
    ...(many ? [`query ${plural}`, `query ${plural}_connection`] : []),
    ...(readOnly
      ? []
      : [...(many ? [`mutation create${name}`] : []), `mutation update${name}`, `mutation delete${name}`]),
  ];
}
