import type { ObjectRef } from '@pothos/core';
import type { Action, Permissions, Rule } from '../../authorization/permissions.ts';
import type { PrismaClient } from '../../generated/prisma/client.ts';
import type { Builder, OurTypes } from '../builder.ts';
import { type Reach, readFilters } from './arguments/filters.ts';
import type { ListBounds, ListInputs } from './arguments/list-arguments.ts';
import type { PageInfo } from './arguments/pagination.ts';
import type { ContentType } from './content-type.ts';
import type { Filter } from './filter.ts';
import type { AnyModel, Relation, Row } from './model.ts';
import type { Readable } from './sql/plan.ts';
import type { Reader } from './sql/reader.ts';
import type { LoadedConnection } from './sql/rows.ts';

/** A schema while content types are being added to it. */
export interface ContentSchema {
  readonly builder: DynamicBuilder;
  readonly prisma: PrismaClient;
  readonly reader: Reader;
  /** Every content type of this schema, by its model. */
  readonly types: ReadonlyMap<string, ContentType>;
  readonly inputs: ListInputs;
  /** Rows of the largest page that a list answers. */
  readonly largestPage: number;
  /** `Pagination`. */
  readonly pageInfo: ObjectRef<DynamicTypes, PageInfo>;
  /** `PostEntityResponseCollection`, by its model. */
  readonly connections: ReadonlyMap<string, ObjectRef<DynamicTypes, LoadedConnection>>;
  readonly deleted: ObjectRef<DynamicTypes, { documentId: string }>;
}

/** The action of a content type: `post.find`. */
export function actionOf(type: ContentType, verb: 'find' | 'findOne' | 'create' | 'update' | 'delete'): Action {
  return `${type.actions}.${verb}`;
}

/** What lets somebody read all content, and nothing else. */
export function readingActionsOf(types: readonly ContentType[]): Action[] {
  return types.flatMap((type) =>
    type.kind === 'single' ? [actionOf(type, 'find')] : [actionOf(type, 'find'), actionOf(type, 'findOne')],
  );
}

/** The content type that a relation leads to. Every relation's target was checked when the types were added. */
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

/** Where lists, filters and sorts may lead a viewer: to the rows that these permissions let it find. */
export function reachOf(schema: ContentSchema, permissions: Permissions): Reach {
  return (relation: Relation) => {
    const target = targetOf(schema, relation.target);
    const rule = permissions.rule(actionOf(target, 'find'));
    return rule && { relation, target, rule: filterOf(schema, target, rule) };
  };
}

/** What bounds the lists of a viewer. */
export function listBoundsOf(schema: ContentSchema, permissions: Permissions): ListBounds {
  return { reach: reachOf(schema, permissions), largestPage: schema.largestPage };
}

/** The rows that a viewer may act on. */
export function readableBy(
  schema: ContentSchema,
  type: ContentType,
  permissions: Permissions,
  verb: 'find' | 'findOne' | 'update' | 'delete',
): Readable {
  const rule = permissions.rule(actionOf(type, verb));
  if (!rule) throw new Error(`${actionOf(type, verb)} is not allowed`); // the field's guard lets nobody through without
  return { type, rule: filterOf(schema, type, rule) };
}

/**
 * The rows that a permission's rule lets through; undefined for all.
 *
 * @throws an Error for a rule that is no filter of this type: who has it gets nothing.
 */
export function filterOf(schema: ContentSchema, type: ContentType, { where }: Rule): Filter | undefined {
  if (!where) return undefined;
  const anywhere: Reach = (relation) => ({ relation, target: targetOf(schema, relation.target), rule: undefined });
  const { filter, faults } = readFilters(type, where, anywhere);
  if (faults.length > 0 || !filter) throw new Error(`A permission's rule for ${type.model} cannot be understood`);
  return filter;
}

/** A builder that takes any model by name: the content layer works from names that were checked at start. */
export type DynamicBuilder = PothosSchemaTypes.SchemaBuilder<DynamicTypes>;

export type DynamicTypes = PothosSchemaTypes.ExtendDefaultTypes<
  OurTypes & { PrismaTypes: Record<string, AnyModel>; Objects: Record<string, Row> }
>;

/** The same builder, with the types of one model no longer told from those of another. */
export function dynamic(builder: Builder): DynamicBuilder {
  return builder as unknown as DynamicBuilder;
}
