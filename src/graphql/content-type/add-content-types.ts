import type { Database } from '../../database/open.ts';
import type { Builder } from '../builder.ts';
import { DEFAULT_LIMITS, type Limits } from '../operation/limits.ts';
import { addListInputs } from './arguments/list-inputs.ts';
import { checkTogether } from './check-content-types.ts';
import { type ContentSchema, type DynamicBuilder, dynamic } from './content-schema.ts';
import type { ContentType } from './content-type.ts';
import { addInputType } from './input/input-type.ts';
import { addConnectionType, addPageInfo } from './list-field.ts';
import { addMutations } from './mutations.ts';
import { addObjectType } from './object-type.ts';
import { addQueries } from './queries.ts';
import { createReader } from './sql/reader.ts';

/** What the content types ask of the database. */
export type ContentDatabase = Pick<Database, 'prisma' | 'models' | 'query' | 'foldCase'>;

/** The largest page of a list, and the bytes that one operation reads. */
export type ContentLimits = Pick<Limits, 'page' | 'answer'>;

/** Mounts content types on a builder: their types, queries, mutations and guards. Not more than once on each. */
export function addContentTypes(
  mounted: Builder,
  database: ContentDatabase,
  types: readonly ContentType[],
  limits: ContentLimits = DEFAULT_LIMITS,
): ContentSchema {
  const builder = dynamic(mounted);
  checkTogether(types);
  addEnums(builder, types);
  const pageInfo = addPageInfo(builder);
  const schema: ContentSchema = {
    builder,
    prisma: database.prisma,
    reader: createReader(database, limits.answer),
    types: new Map(types.map((type) => [type.model, type])),
    inputs: addListInputs(builder, types),
    largestPage: limits.page,
    pageInfo,
    connections: new Map(
      types
        .filter(({ kind }) => kind === 'collection')
        .map((type) => [type.model, addConnectionType(builder, type, pageInfo)]),
    ),
    deleted: builder.objectRef<{ documentId: string }>('DeleteMutationResponse').implement({
      fields: (t) => ({ documentId: t.exposeID('documentId', { nullable: false }) }),
    }),
  };
  for (const type of types) {
    addObjectType(schema, type);
    if (!type.relatedOnly) addQueries(schema, type);
    if (!type.readOnly) addMutations(schema, type, addInputType(schema, type));
  }
  return schema;
}

function addEnums(builder: DynamicBuilder, types: readonly ContentType[]): void {
  const members = types.flatMap(({ read, write }) => [...read, ...write]);
  const enums = new Map(
    members.flatMap((member) =>
      member.kind === 'column' && member.values ? [[member.type, member.values] as const] : [],
    ),
  );
  for (const [name, values] of enums) builder.enumType(name, { values });
}
