import { useMemo } from 'react';
import { useData } from '../../api/hooks.ts';
import {
  ActionsDocument,
  RoleDirectoryDocument,
  RuleTypesDocument,
  type RuleTypesQuery,
  TokenDirectoryDocument,
} from '../../generated/graphql.ts';
import { partsOf, verbOf } from './held.ts';
import { type Directory, directoryOf } from './holders.ts';
import { type MatrixRow, matrixRows } from './matrix-rows.ts';

export type RuleType = NonNullable<RuleTypesQuery['ruleTypes']>[number];
export type RuleField = RuleType['fields'][number];

/** All roles and tokens with what they hold; undefined before it is known. */
export function useDirectory(): { readonly directory: Directory | undefined; readonly failure: unknown } {
  const roles = useData(RoleDirectoryDocument, {});
  const tokens = useData(TokenDirectoryDocument, {});
  const directory = useMemo(
    () =>
      roles.data?.roles && tokens.data?.apiTokens
        ? directoryOf(
            roles.data.roles,
            tokens.data.apiTokens.filter(({ status }) => status === 'ACTIVE'),
          )
        : undefined,
    [roles.data, tokens.data],
  );
  return { directory, failure: roles.failure ?? tokens.failure };
}

/** The rows of a matrix; undefined before they are known. */
export function useMatrixRows(): { readonly rows: readonly MatrixRow[] | undefined; readonly failure: unknown } {
  const { data, failure } = useData(ActionsDocument, {});
  const rows = useMemo(() => data?.actions && matrixRows(data.actions), [data]);
  return { rows: rows ?? undefined, failure };
}

/** What conditions can use, and which actions they can restrict. */
export function useRuleTypes(): {
  readonly types: readonly RuleType[] | undefined;
  readonly failure: unknown;
  /** The type whose rows an action is on; undefined for an action that takes no grants. */
  typeOf(action: string): RuleType | undefined;
} {
  const { data, failure } = useData(RuleTypesDocument, {});
  const types = data?.ruleTypes ?? undefined;
  return {
    types,
    failure,
    typeOf(action) {
      const [prefix] = partsOf(action);
      return verbOf(action) && types?.find(({ actions }) => actions === prefix);
    },
  };
}
