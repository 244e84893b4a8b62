import type { GraphQLSchema } from 'graphql';
import { guarded } from '../authorization/guard.ts';
import { addAccount } from './account/account.ts';
import type { AccountServices } from './account/services.ts';
import { createBuilder } from './builder.ts';
import { addContentTypes, type ContentDatabase } from './content-type/add-content-types.ts';
import type { ContentType } from './content-type/content-type.ts';

/**
 * The schema of `/graphql`: accounts and content.
 *
 * @throws UnguardedSchema when any root field names no action.
 */
export function createPublicSchema(
  services: AccountServices,
  database: ContentDatabase,
  contentTypes: readonly ContentType[],
): GraphQLSchema {
  const builder = createBuilder(services.prisma);
  addAccount(builder, services);
  addContentTypes(builder, database, contentTypes);
  return guarded(builder.toSchema());
}
