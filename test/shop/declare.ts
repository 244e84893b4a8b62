// The functions that declare content types, for the models of the shop.
import {
  type Declare,
  contentType as ofAnyModel,
  singleType as ofAnyModelOnce,
} from '../../src/graphql/content-type/content-type.ts';
import type PrismaTypes from './generated/src/generated/pothos-types.ts';

export const contentType = ofAnyModel as unknown as Declare<PrismaTypes>;
export const singleType = ofAnyModelOnce as unknown as Declare<PrismaTypes>;
