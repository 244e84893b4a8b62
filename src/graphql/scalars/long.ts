import { GraphQLError, Kind, type ValueNode } from 'graphql';

const MIN = -(2n ** 63n);
const MAX = 2n ** 63n - 1n;

/** An integer of 64 bits as its digits; undefined for what is none. */
export function longOf(value: unknown): string | undefined {
  const isWhole =
    typeof value === 'number' ? Number.isSafeInteger(value) : typeof value === 'string' && /^-?\d{1,20}$/.test(value);
  if (!isWhole) return undefined;
  const long = BigInt(value as number | string); // checked above
  return long >= MIN && long <= MAX ? long.toString() : undefined;
}

/** @throws GraphQLError for what is no integer of 64 bits, and for a number that JavaScript has rounded. */
export function parseLong(value: unknown): string {
  const long = longOf(value);
  if (long === undefined)
    throw new GraphQLError('Long expects an integer of 64 bits; one beyond 53 bits as a text of its digits');
  return long;
}

export function parseLongLiteral(node: ValueNode): string {
  return parseLong(node.kind === Kind.STRING || node.kind === Kind.INT ? node.value : undefined);
}
