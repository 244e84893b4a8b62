import { DbNull } from '@prisma/client/runtime/client';
import { canonicalGrant, type Grant, type Permission } from '../authorization/grants.ts';
import type { Prisma } from '../generated/prisma/client.ts';

/** What to select of a permission. */
export const PERMISSION = { action: true, grants: true } as const;

/** A permission, as Prisma reads it. */
export interface PermissionRow {
  readonly action: string;
  readonly grants: Prisma.JsonValue | null;
}

/** The permissions of rows, in the alphabetical order of their actions. */
export function permissionsIn(rows: readonly PermissionRow[]): Permission[] {
  // The database allows only lists. What is in them is read, as JSON of anybody, where it is used.
  return rows
    .map(({ action, grants }): Permission => [action, grants as unknown as readonly Grant[] | null])
    .sort(byAction);
}

/** A permission, as Prisma writes it. */
export function permissionRow([action, grants]: Permission) {
  return { action, grants: grantsColumn(grants) };
}

/** Null, which is without restriction, is no value in the database, not the `null` of JSON. */
export function grantsColumn(grants: Permission[1]): typeof DbNull | Prisma.InputJsonValue {
  // Grants are JSON; Prisma's type has no place for `undefined`, which JSON leaves out.
  return grants === null ? DbNull : (grants as unknown as Prisma.InputJsonValue);
}

export function actionsIn(permissions: readonly Permission[]): string[] {
  return permissions.map(([action]) => action);
}

/** Actions, without restriction. */
export function permissionsTo(actions: readonly string[]): Permission[] {
  return actions.map((action) => [action, null]);
}

/** These permissions, and those that give an action which is not among them. In alphabetical order. */
export function withPermissions(permissions: readonly Permission[], more: Iterable<Permission>): Permission[] {
  const all = new Map(permissions);
  for (const [action, grants] of more) if (!all.has(action)) all.set(action, grants);
  return [...all].sort(byAction);
}

/** Whether they are the same grants in the same order: the first that fits a write is used. */
export function sameGrants(one: Permission[1], other: Permission[1]): boolean {
  return canonicalGrants(one) === canonicalGrants(other);
}

/** One text for the same grants in the same order. */
export function canonicalGrants(grants: Permission[1]): string {
  const texts = grants?.map(canonicalGrant);
  return texts ? `[${texts.join(',')}]` : 'null';
}

function byAction([one]: Permission, [other]: Permission): number {
  return one < other ? -1 : 1;
}
