import { type Clock, systemClock } from '../../common/clock.ts';
import type { HookRunner } from '../../common/hook-runner.ts';
import type { Database } from '../../database/open.ts';
import type { Builder } from '../builder.ts';
import { DEFAULT_LIMITS, type Limits } from '../operation/limits.ts';
import { addScalar } from '../scalars/scalars.ts';
import { addListInputs } from './arguments/list-inputs.ts';
import { checkConflicts } from './check-content-types.ts';
import { type ContentSchema, type DynamicBuilder, dynamic } from './content-schema.ts';
import type { ContentType } from './content-type.ts';
import { addInputType } from './input/input-type.ts';
import { createWriteStatements } from './input/write-statements.ts';
import { addConnectionType, addPageInfo } from './list-field.ts';
import type { Column, Member } from './model.ts';
import { addMutations } from './mutations.ts';
import { addObjectType } from './object-type.ts';
import { addQueries } from './queries.ts';
import { type ContentRules, createRules } from './rules/create-rules.ts';
import { createReader } from './sql/reader.ts';

/** The parts of the database that content types use. */
export type ContentDatabase = Pick<Database, 'prisma' | 'models' | 'query' | 'foldCase'>;

/** The maximum page size, and the maximum bytes read by one operation. */
export type ContentLimits = Pick<Limits, 'page' | 'answer'>;

/** Adds the types, queries, mutations and guards of content types to a builder. Call it once per builder. */
export function addContentTypes(
  mounted: Builder,
  database: ContentDatabase,
  types: readonly ContentType[],
  limits: ContentLimits = DEFAULT_LIMITS,
  {
    clock = systemClock,
    rules = createRules(database.models, types),
    hasPreconditions = false,
    hooks = NO_HOOKS,
    columns = [],
  }: {
    readonly clock?: Clock;
    readonly rules?: ContentRules;
    readonly hasPreconditions?: boolean;
    readonly hooks?: HookRunner;
    /** Columns that other types and inputs of the schema show. */
    readonly columns?: readonly Column[];
  } = {},
): ContentSchema {
  const builder = dynamic(mounted);
  checkConflicts(types);
  const shown = [...types.flatMap(({ read, write }) => [...read, ...write]), ...columns];
  addEnums(builder, shown);
  addScalars(mounted, shown);
  const pageInfo = addPageInfo(builder);
  const schema: ContentSchema = {
    builder,
    prisma: database.prisma,
    reader: createReader(database, limits.answer, clock),
    rules,
    readables: new WeakMap(),
    writes: createWriteStatements(database, clock),
    hooks,
    types: new Map(types.map((type) => [type.model, type])),
    inputs: addListInputs(builder, types),
    largestPage: limits.page,
    hasPreconditions,
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

function addScalars(builder: Builder, members: readonly Member[]): void {
  const columns = members.filter((member) => member.kind === 'column');
  for (const name of new Set(columns.flatMap(({ type, values }) => (values ? [] : [type])))) addScalar(builder, name);
}

function addEnums(builder: DynamicBuilder, members: readonly Member[]): void {
  const enums = new Map(
    members.flatMap((member) =>
      member.kind === 'column' && member.values ? [[member.type, member.values] as const] : [],
    ),
  );
  for (const [name, values] of enums) builder.enumType(name, { values });
}

/** For content types without hooks. */
const NO_HOOKS: HookRunner = {
  async now({ name }) {
    throw new Error(`Nothing runs ${name}`);
  },
  later({ name }) {
    throw new Error(`Nothing runs ${name}`);
  },
};
