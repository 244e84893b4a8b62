import type { GrantsOfAction } from '../../administration/grants-of-actions.ts';
import type { Condition, Grant, Permission } from '../../authorization/grants.ts';
import { type Fault, refuse } from '../../common/errors.ts';
import type { DynamicBuilder } from '../content-type/content-schema.ts';

export interface GrantInput {
  readonly where?: NonNullable<unknown> | null | undefined;
  readonly fields?: readonly string[] | null | undefined;
  readonly check?: NonNullable<unknown> | null | undefined;
  readonly set?: NonNullable<unknown> | null | undefined;
}

export interface ActionGrantsInput {
  readonly action: string;
  readonly grants?: readonly GrantInput[] | null | undefined;
}

export const GRANTS =
  'Each is one way to use the action: what is done must be allowed by one of them as a whole. null: without restriction.';

export const GRANT_PARTS = {
  where: 'The rows: a filter as in the lists of the type, over every column, with variables such as $user and $now-7d.',
  fields: 'The fields: those that can be read, or those that a create or an update can send.',
  check: 'What a created or updated row must match afterwards. Default: `where`.',
  set: 'What the server sets in a created or updated row.',
} as const;

export type GrantInputs = ReturnType<typeof addGrantInputs>;

/** Adds the inputs for grants: those of one action, and those of several. */
export function addGrantInputs(builder: DynamicBuilder) {
  const grant = builder.inputRef<GrantInput>('GrantInput').implement({
    description: 'Rows and fields on which an action is allowed. Absent is without restriction.',
    fields: (t) => ({
      where: t.field({ type: 'JSON', description: GRANT_PARTS.where }),
      fields: t.stringList({ description: GRANT_PARTS.fields }),
      check: t.field({ type: 'JSON', description: GRANT_PARTS.check }),
      set: t.field({ type: 'JSON', description: GRANT_PARTS.set }),
    }),
  });
  const ofAction = builder.inputRef<ActionGrantsInput>('ActionGrantsInput').implement({
    description: 'The grants that an action is to have.',
    fields: (t) => ({
      action: t.string({ required: true }),
      grants: t.field({ type: [grant], description: GRANTS }),
    }),
  });
  return { grant, ofAction };
}

/** @throws ApiError BAD_USER_INPUT where they are absent: that could as well be a variable that was forgotten. */
export function grantsIn(grants: readonly GrantInput[] | null | undefined): Permission[1] {
  refuse(faultsOfInput(grants));
  return read(grants);
}

/** The same for those of several actions. */
export function grantsOfActionsIn(input: readonly ActionGrantsInput[] | null | undefined): readonly GrantsOfAction[] {
  const { grants, faults } = readGrantsOfActions(input);
  refuse(faults);
  return grants;
}

/** The same, with what is wrong with them, in place of an error. */
export function readGrantsOfActions(input: readonly ActionGrantsInput[] | null | undefined): {
  readonly grants: readonly GrantsOfAction[];
  readonly faults: readonly Fault[];
} {
  const given = input ?? [];
  return {
    grants: given.map(({ action, grants }) => ({ action, grants: read(grants) })),
    faults: given.flatMap(({ grants }, index) =>
      faultsOfInput(grants).map(({ path, message }) => ({ path: ['grants', index, ...path], message })),
    ),
  };
}

function faultsOfInput(grants: readonly GrantInput[] | null | undefined): Fault[] {
  if (grants === undefined) {
    return [{ path: ['grants'], message: 'grants must be defined: null is without restriction' }];
  }
  // A variable that somebody forgot to fill must not turn a rule into none.
  return (grants ?? []).flatMap(({ where }, index) =>
    where === null
      ? [{ path: ['grants', index, 'where'], message: 'where cannot be null: leave it out for all rows' }]
      : [],
  );
}

function read(grants: readonly GrantInput[] | null | undefined): Permission[1] {
  return grants?.map(grantIn) ?? null;
}

/** Null is like absent, but for `where`. What is no condition is refused with its path where grants are read. */
function grantIn({ where, fields, check, set }: GrantInput): Grant {
  return {
    ...(where != null && { where: where as Condition }),
    ...(fields != null && { fields }),
    ...(check != null && { check: check as Condition }),
    ...(set != null && { set: set as Condition }),
  };
}
