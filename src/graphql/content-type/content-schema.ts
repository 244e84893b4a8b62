import type { ObjectRef } from '@pothos/core';
import type { Grants } from '../../authorization/grants.ts';
import type { Action, Permissions } from '../../authorization/permissions.ts';
import type { PrismaClient } from '../../generated/prisma/client.ts';
import type { Builder, OurTypes } from '../builder.ts';
import { type ResolveRelation, readFilters } from './arguments/filters.ts';
import type { ListBounds, ListInputs } from './arguments/list-arguments.ts';
import type { PageInfo } from './arguments/pagination.ts';
import type { ContentType } from './content-type.ts';
import type { Filter } from './filter.ts';
import type { AnyModel, Relation, Row } from './model.ts';
import type { AllowedRows } from './sql/plan.ts';
import type { Reader } from './sql/reader.ts';
import type { LoadedConnection } from './sql/rows.ts';

/** A schema to which content types are being added. */
export interface ContentSchema {
  readonly builder: DynamicBuilder;
  readonly prisma: PrismaClient;
  readonly reader: Reader;
  /** The content types of this schema, by model. */
  readonly types: ReadonlyMap<string, ContentType>;
  readonly inputs: ListInputs;
  /** The maximum page size. */
  readonly largestPage: number;
  /** `Pagination`. */
  readonly pageInfo: ObjectRef<DynamicTypes, PageInfo>;
  /** `PostEntityResponseCollection`, by model. */
  readonly connections: ReadonlyMap<string, ObjectRef<DynamicTypes, LoadedConnection>>;
  readonly deleted: ObjectRef<DynamicTypes, { documentId: string }>;
}

/** The action of a content type: `post.find`. */
export function actionOf(type: ContentType, verb: 'find' | 'findOne' | 'create' | 'update' | 'delete'): Action {
  return `${type.actions}.${verb}`;
}

/** The actions for reading all content, and nothing else. */
export function readingActionsOf(types: readonly ContentType[]): Action[] {
  return types.flatMap((type) =>
    type.kind === 'single' ? [actionOf(type, 'find')] : [actionOf(type, 'find'), actionOf(type, 'findOne')],
  );
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

/** Resolves relations to the rows that these permissions allow the viewer to find. */
export function resolveRelationFor(schema: ContentSchema, permissions: Permissions): ResolveRelation {
  return (relation: Relation) => {
    const target = targetOf(schema, relation.target);
    const grants = permissions.grants(actionOf(target, 'find'));
    return grants && { relation, target, rule: ruleFilter(schema, target, grants) };
  };
}

/** What the lists of a viewer may use. */
export function listBoundsOf(schema: ContentSchema, permissions: Permissions): ListBounds {
  return { resolveRelation: resolveRelationFor(schema, permissions), largestPage: schema.largestPage };
}

/** The rows on which the viewer is allowed to perform an action. */
export function allowedRows(
  schema: ContentSchema,
  type: ContentType,
  permissions: Permissions,
  verb: 'find' | 'findOne' | 'update' | 'delete',
): AllowedRows {
  const grants = permissions.grants(actionOf(type, verb));
  if (!grants) throw new Error(`${actionOf(type, verb)} is not allowed`); // the guard of the field checked it
  return { type, rule: ruleFilter(schema, type, grants) };
}

/**
 * The filter of a permission's rule; undefined if it allows all rows.
 *
 * @throws Error for a rule that is not a valid filter of this type, so that it never allows too much.
 */
export function ruleFilter(schema: ContentSchema, type: ContentType, grants: Grants): Filter | undefined {
  if (grants === 'all' || grants.some(({ where }) => !where)) return undefined;
  const anywhere: ResolveRelation = (relation) => ({
    relation,
    target: targetOf(schema, relation.target),
    rule: undefined,
  });
  const of = grants.map(({ where }) => {
    const { filter, faults } = readFilters(type, where, anywhere);
    if (faults.length > 0 || !filter) throw new Error(`A permission has an invalid rule for ${type.model}`);
    return filter;
  });
  return of.length > 1 ? { kind: 'any', of } : of[0];
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
