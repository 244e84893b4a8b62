import type { ContentHooks } from '../../src/graphql/content-type/hooks/hooks.ts';
import type PrismaTypes from './generated/src/generated/pothos-types.ts';

/** The hooks of the test that runs. */
export const hooksNow: {
  move: Pick<ContentHooks<PrismaTypes['Move']>, 'beforeCreate' | 'beforeUpdate'>;
  stock: Pick<ContentHooks<PrismaTypes['Stock']>, 'beforeUpdate' | 'afterUpdate'>;
} = { move: {}, stock: {} };
