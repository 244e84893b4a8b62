import { DbNull } from '@prisma/client/runtime/client';
import type { Permission } from '../authorization/grants.ts';
import type { Prisma } from '../generated/prisma/client.ts';

/** A permission, as Prisma writes it. */
export function permissionRow([action, grants]: Permission) {
  return { action, grants: grantsColumn(grants) };
}

/** Null, which is without restriction, is no value in the database, not the `null` of JSON. */
export function grantsColumn(grants: Permission[1]): typeof DbNull | Prisma.InputJsonValue {
  // Grants are JSON; Prisma's type has no place for `undefined`, which JSON leaves out.
  return grants === null ? DbNull : (grants as unknown as Prisma.InputJsonValue);
}
