import { DEFAULT_LIMITS } from '../graphql/operation/limits.ts';
import type { ConfigOfTest } from '../testing/test-config.ts';

const MANY = 1_000_000_000;

/** Many checks go into one document, which ordinary limits would refuse. */
export const NO_LIMITS: ConfigOfTest = {
  limits: { ...DEFAULT_LIMITS, tokens: MANY, fields: MANY, aliases: MANY, rootFields: MANY, cost: MANY },
  logLevel: 'silent',
};
