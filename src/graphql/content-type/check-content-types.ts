import { join } from 'node:path';
import { type GraphQLSchema, validateSchema } from 'graphql';
import type { ContentType } from './content-type.ts';
import { ContentTypeError } from './content-type-error.ts';

/**
 * Checks what content types are to each other: each model, and each name in the schema, belongs to one of them.
 *
 * @throws ContentTypeError naming the file of each that is in another's way.
 */
export function checkTogether(types: readonly ContentType[]): void {
  const models = new Map<string, ContentType>();
  const names = new Map<string, ContentType>();
  // Ours first: whoever comes after them is in the way.
  const ours = (type: ContentType) => type.file.startsWith(OURS);
  const faults = types
    .toSorted((one, other) => Number(ours(other)) - Number(ours(one)))
    .flatMap((type) => {
      const same = models.get(type.model);
      if (same) return [`${type.file}: ${type.model} is a content type already (${same.file})`];
      models.set(type.model, type);
      const taken = namesOf(type).filter((name) => names.has(name));
      for (const name of namesOf(type)) if (!names.has(name)) names.set(name, type);
      return [
        ...taken
          .slice(0, 1)
          .map((name) => `${type.file}: ${type.model} has the ${name}, as has ${names.get(name)?.file}: ${REMEDY}`),
        ...leadingNowhere(type, types),
      ];
    });
  if (faults.length > 0) throw new ContentTypeError(faults.join('\n'));
}

const OURS = join('src', 'graphql');

const REMEDY = 'choose another name or plural for one of them';

/** A relation leads to a content type, or nowhere: the target's own guard is what decides who may follow it. */
function leadingNowhere({ file, model, read, write }: ContentType, types: readonly ContentType[]): string[] {
  const relations = new Map(
    [...read, ...write].flatMap((member) =>
      member.kind === 'relation' ? [[member.name, member.target] as const] : [],
    ),
  );
  return [...relations]
    .filter(([, target]) => !types.some((type) => type.model === target))
    .map(([name, target]) => `${file}: ${model}.${name} leads to ${target}, which is not in src/app/content/index.ts`);
}

/**
 * Builds a schema with content types in it, which GraphQL takes.
 *
 * @throws ContentTypeError naming the file of the content type that keeps it from being one.
 */
export function validSchema(types: readonly ContentType[], build: () => GraphQLSchema): GraphQLSchema {
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

/** Whoever builds a schema names what is wrong, and not whose it is. */
function ofContent(types: readonly ContentType[], error: Error): ContentTypeError | undefined {
  if (error instanceof ContentTypeError) return error;
  const words: readonly string[] = error.message.match(/\w+/g) ?? [];
  const type = types.find((one) => namesOf(one).some((name) => words.includes(name.split(' ')[1] ?? '')));
  return (
    type && new ContentTypeError(`${type.file}: ${type.model}: ${error.message.split('\n', 1)[0]}`, { cause: error })
  );
}

/** What a content type is called by in a schema. */
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
