import {
  type FieldNode,
  type GraphQLField,
  type GraphQLObjectType,
  getArgumentValues,
  type SelectionSetNode,
} from 'graphql';
import { grantsOf, guardOf, has, neededBy, refusalOf as refusalBy } from '../../authorization/guard.ts';
import type { Permissions } from '../../authorization/permissions.ts';
import type { ApiError } from '../../common/errors.ts';
import { type CoercedOperation, readingOf } from './coerced-operation.ts';
import { collectFields, selectionsOf } from './collect-fields.ts';
import { possibleTypesOf } from './possible-types.ts';

/** A selected field that its viewer is not allowed, or not with these arguments. */
export interface Refusal {
  /** Response names from the root, without list positions: `["createPost", "author"]`. */
  readonly path: readonly string[];
  readonly node: FieldNode;
  readonly error: ApiError;
}

/**
 * The extension of a field that checks its arguments. They may need more than the field's action (setting a relation or filtering
 * by it needs the `find` of its target), and may be invalid.
 */
export const ARGUMENT_CHECK = 'gatehouseArgumentCheck';

/** The extension of a field of a content type that checks whether the viewer can read it in any row. */
export const FIELD_CHECK = 'gatehouseFieldCheck';

/**
 * `grantedBy`: the action of the field that returned the row, where it grants its type; `UNNAMED` where that field has none.
 * A pure function.
 */
export type FieldCheck = (permissions: Permissions, grantedBy: string | undefined) => ApiError | undefined;

/** The action of a field that grants a type, but is itself let in by the field above it. */
export const UNNAMED = '';

/** The error for these arguments; undefined when they are allowed. A pure function. */
export type ArgumentCheck = (args: Readonly<Record<string, unknown>>, permissions: Permissions) => ApiError | undefined;

/**
 * Everything in an operation that these permissions do not allow, in document order, each path once.
 *
 * @throws GraphQLError for an argument that is invalid only with its variables.
 */
export function refusalsOf(operation: CoercedOperation, permissions: Permissions): Refusal[] {
  const { schema, variableValues } = operation;
  const root = schema.getRootType(operation.operation.operation);
  if (!root) return [];
  const reading = readingOf(operation);
  const refusals: Refusal[] = [];

  function visit(
    sets: readonly SelectionSetNode[],
    type: GraphQLObjectType,
    path: readonly string[],
    granted: Granted,
  ): void {
    for (const [name, { field, nodes }] of collectFields(reading, sets, type)) {
      if (!field) continue; // __typename needs no permission
      const here = [...path, name];
      const [node] = nodes;
      const error = refusalOf(field, node, type, granted);
      if (error) refusals.push({ path: here, node, error });
      const inner = selectionsOf(nodes);
      if (inner.length === 0) continue;
      const byThis = { types: grantsOf(field), by: neededBy(field)?.action ?? UNNAMED };
      for (const possible of possibleTypesOf(schema, field)) visit(inner, possible, here, byThis);
    }
  }

  /** A field needs its own action, the action that guards its parent type unless granted, and what its arguments need. */
  function refusalOf(
    field: GraphQLField<unknown, unknown>,
    node: FieldNode,
    type: GraphQLObjectType,
    granted: Granted,
  ): ApiError | undefined {
    const isGranted = granted.types.includes(type.name);
    const guard = isGranted ? undefined : guardOf(type);
    const missing = [neededBy(field), guard].find((needed) => needed && !has(permissions, needed));
    if (missing) return refusalBy(permissions, missing.action);
    const isRead = field.extensions[FIELD_CHECK] as FieldCheck | undefined; // set by content types only, too
    const refusal = isRead?.(permissions, isGranted ? granted.by : undefined);
    if (refusal) return refusal;
    const check = field.extensions[ARGUMENT_CHECK] as ArgumentCheck | undefined; // set by content types only
    return check?.(getArgumentValues(field, node, variableValues), permissions);
  }

  visit([operation.operation.selectionSet], root, [], { types: [], by: undefined });
  return refusals;
}

/** The types that a field grants, and the action of its own that it does so by. */
interface Granted {
  readonly types: readonly string[];
  readonly by: string | undefined;
}

/** The data of an operation that is refused as a whole: null for each root field. */
export function refusedData(operation: CoercedOperation): Record<string, string | null> {
  const root = operation.schema.getRootType(operation.operation.operation);
  if (!root) return {};
  const fields = collectFields(readingOf(operation), [operation.operation.selectionSet], root);
  return Object.fromEntries([...fields].map(([name, { field }]) => [name, field ? null : root.name]));
}
