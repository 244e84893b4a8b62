import type SchemaBuilder from '@pothos/core';
import type { Builder as AnyBuilder, OurTypes } from '../../src/graphql/builder.ts';
import type PrismaTypes from './generated/src/generated/pothos-types.ts';

/** A builder that knows the models of the tests' blog. */
export type BlogBuilder = InstanceType<typeof SchemaBuilder<OurTypes & { PrismaTypes: PrismaTypes }>>;

/** The same builder, of a schema for the blog, with its models in its type. */
export function ofBlog(builder: AnyBuilder): BlogBuilder {
  return builder as unknown as BlogBuilder;
}
