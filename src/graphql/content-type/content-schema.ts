import type { ObjectRef } from '@pothos/core';
import type { Permissions } from '../../authorization/permissions.ts';
import { forbidden } from '../../common/errors.ts';
import type { HookRunner } from '../../common/hook-runner.ts';
import type { Prisma, PrismaClient } from '../../generated/prisma/client.ts';
import type { Builder, OurTypes } from '../builder.ts';
import { actionOf } from './actions.ts';
import type { ResolveRelation } from './arguments/filters.ts';
import type { ListBounds, ListInputs } from './arguments/list-arguments.ts';
import type { PageInfo } from './arguments/pagination.ts';
import type { ContentType, RowVerb, Verb } from './content-type.ts';
import type { Filter } from './filter.ts';
import type { WriteStatements } from './input/write-statements.ts';
import { type Readable, readableWhole, readableWith } from './readable.ts';
import type { AnyModel, Row } from './row.ts';
import type { CompiledGrant } from './rules/compiled-grant.ts';
import type { ContentRules } from './rules/create-rules.ts';
import type { Reader } from './sql/reader.ts';
import type { LoadedConnection } from './sql/rows.ts';

/** A schema to which content types are being added. */
export interface ContentSchema {
  readonly builder: DynamicBuilder;
  readonly prisma: PrismaClient;
  /** The transaction that its statements are part of, if they are. */
  readonly transaction?: Prisma.TransactionClient | undefined;
  readonly reader: Reader;
  readonly rules: ContentRules;
  /** What each permissions make readable. */
  readonly readables: WeakMap<Permissions, Map<string, Readable | undefined>>;
  readonly writes: WriteStatements;
  /** Runs the hooks of content types. */
  readonly hooks: HookRunner;
  /** The content types of this schema, by model. */
  readonly types: ReadonlyMap<string, ContentType>;
  readonly inputs: ListInputs;
  /** The maximum page size. */
  readonly largestPage: number;
  /** Whether updates take the time at which a document was read to be written last. */
  readonly hasPreconditions: boolean;
  /** `Pagination`. */
  readonly pageInfo: ObjectRef<DynamicTypes, PageInfo>;
  /** `PostEntityResponseCollection`, by model. */
  readonly connections: ReadonlyMap<string, ObjectRef<DynamicTypes, LoadedConnection>>;
  readonly deleted: ObjectRef<DynamicTypes, { documentId: string }>;
}

/** The content type of a model. checkConflicts() checked the target of every relation. */
export function targetOf({ types }: Pick<ContentSchema, 'types'>, model: string): ContentType {
  const type = types.get(model);
  if (!type) throw new Error(`${model} is not a content type`);
  return type;
}

/** `PostEntityResponseCollection` of a content type. */
export function connectionTypeOf({ connections }: ContentSchema, model: string) {
  const type = connections.get(model);
  if (!type) throw new Error(`${model} is not a content type`);
  return type;
}

/**
 * The grants of an action, read; undefined if the viewer does not have it. A type that is only related is guarded by the action of
 * the type that it belongs to: with less than all of that one, it is not shown.
 */
export function grantsOf(
  { rules }: Pick<ContentSchema, 'rules'>,
  type: ContentType,
  verb: Verb,
  permissions: Permissions,
): 'all' | readonly CompiledGrant[] | undefined {
  const grants = permissions.grants(actionOf(type, verb));
  if (grants === undefined || grants === 'all') return grants;
  const compiled = type.relatedOnly ? [] : rules.compiled(type, verb, grants);
  return compiled.length > 0 ? compiled : undefined;
}

/** The rows that the type itself has for this viewer; undefined: all. */
export function declaredRows({ where }: ContentType, { of }: Permissions): Filter | undefined {
  if (!where) return undefined;
  const hasValue = where.ofViewer === undefined || of === 'user' || (where.ofViewer === 'roles' && of === 'public');
  return hasValue ? where.filter : { kind: 'none' };
}

/**
 * The rows on which the viewer can use an action, and for `find` and `findOne` what they can read of each; undefined if they do not
 * have it. The same object as long as the permissions are.
 */
export function readableBy(
  schema: Pick<ContentSchema, 'rules' | 'readables'>,
  type: ContentType,
  verb: RowVerb,
  permissions: Permissions,
): Readable | undefined {
  const known = schema.readables.get(permissions) ?? new Map<string, Readable | undefined>();
  schema.readables.set(permissions, known);
  const key = `${type.model} ${verb}`;
  if (known.has(key)) return known.get(key);
  const grants = grantsOf(schema, type, verb, permissions);
  const declared = declaredRows(type, permissions);
  const readable = grants && (grants === 'all' ? readableWhole(type, declared) : readableWith(type, grants, declared));
  known.set(key, readable);
  return readable;
}

/** The same, where the guard of the field has checked that the viewer has the action. */
export function readableOf(
  schema: ContentSchema,
  type: ContentType,
  verb: 'find' | 'findOne',
  permissions: Permissions,
): Readable {
  const readable = readableBy(schema, type, verb, permissions);
  if (!readable) throw forbidden(actionOf(type, verb));
  return readable;
}

/** Resolves relations to what these permissions allow the viewer to find. */
export function resolveRelationFor(schema: ContentSchema, permissions: Permissions): ResolveRelation {
  return (relation) => readableBy(schema, targetOf(schema, relation.target), 'find', permissions);
}

/** What the lists of a viewer may use. */
export function listBoundsOf(schema: ContentSchema, permissions: Permissions): ListBounds {
  return { resolveRelation: resolveRelationFor(schema, permissions), largestPage: schema.largestPage };
}

/** A builder that accepts any model by name: content types are known only at start, where their names are checked. */
export type DynamicBuilder = PothosSchemaTypes.SchemaBuilder<DynamicTypes>;

export type DynamicTypes = PothosSchemaTypes.ExtendDefaultTypes<
  OurTypes & { PrismaTypes: Record<string, AnyModel>; Objects: Record<string, Row> }
>;

/** The same builder, without the static types of each model. */
export function dynamic(builder: Builder): DynamicBuilder {
  return builder as unknown as DynamicBuilder;
}
