import type { InputRef, ObjectRef } from '@pothos/core';
import type { Action } from '../../authorization/permissions.ts';
import type { PrismaClient } from '../../generated/prisma/client.ts';
import type { Builder, OurTypes } from '../builder.ts';
import type { ContentType } from './content-type.ts';
import type { AnyModel, Row } from './model.ts';
import type { PaginationArgument } from './pages.ts';

/** A schema while content types are being added to it. */
export interface ContentSchema {
  readonly builder: DynamicBuilder;
  readonly prisma: PrismaClient;
  /** Every content type of this schema, by its model. */
  readonly types: ReadonlyMap<string, ContentType>;
  readonly pagination: InputRef<PaginationArgument>;
  readonly deleted: ObjectRef<DynamicTypes, { documentId: string }>;
}

/** The action of a content type: `post.find`. */
export function actionOf(type: ContentType, verb: 'find' | 'findOne' | 'create' | 'update' | 'delete'): Action {
  return `${type.singular}.${verb}`;
}

/** The content type that a relation leads to. Every relation's target was checked when the types were added. */
export function targetOf(schema: ContentSchema, model: string): ContentType {
  const type = schema.types.get(model);
  if (!type) throw new Error(`${model} is not a content type`);
  return type;
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
