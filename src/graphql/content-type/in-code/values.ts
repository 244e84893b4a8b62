import { Decimal } from '@prisma/client/runtime/client';
import { type GraphQLInputType, isInputObjectType, isListType, isNonNullType } from 'graphql';
import type { Column } from '../model.ts';

/*
 * Code of the project has values as Prisma has them: a Decimal, a bigint, a Date of a `@db.Date`. Inputs of GraphQL are checked as
 * clients send them, and columns hold what the scalars make of that.
 */

/** A value, or an object with values, as a client would send it. A text stays what it is. */
export function asSent(type: GraphQLInputType, value: unknown): unknown {
  if (isNonNullType(type)) return asSent(type.ofType, value);
  if (value === null || value === undefined) return value;
  if (isListType(type)) return Array.isArray(value) ? value.map((one) => asSent(type.ofType, one)) : value;
  if (!isInputObjectType(type)) return leafAsSent(type.name, value);
  if (typeof value !== 'object') return value;
  const fields = type.getFields();
  const given = Object.entries(value).filter(([, one]) => one !== undefined);
  return Object.fromEntries(
    given.map(([name, one]) => {
      const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
      return [name, field ? asSent(field.type, one) : one];
    }),
  );
}

/** A value of a column as its scalar parses it. */
export function asParsed({ type, list }: Column, value: unknown): unknown {
  const one = (single: unknown) => (type === 'DateTime' || single === null ? single : leafAsSent(type, single));
  return list && Array.isArray(value) ? value.map(one) : one(value);
}

function leafAsSent(type: string, value: unknown): unknown {
  if (value instanceof Date) {
    if (Number.isNaN(value.getTime())) return String(value); // which no scalar accepts
    const text = value.toISOString();
    if (type === 'Date') return text.slice(0, 10);
    return type === 'Time' ? text.slice(11, -1) : text;
  }
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  if (typeof value === 'bigint' || Decimal.isDecimal(value)) return String(value);
  return value;
}

/** A value that was read, as Prisma has it. */
export function asInPrisma({ type, list }: Column, value: unknown): unknown {
  if (value === null) return null;
  return list ? (value as readonly unknown[]).map((one) => leafInPrisma(type, one)) : leafInPrisma(type, value);
}

/** Reverses answeredValue(), which makes texts of all of these. */
function leafInPrisma(type: string, value: unknown): unknown {
  switch (type) {
    case 'Date':
      return new Date(`${value}T00:00:00.000Z`);
    case 'Time':
      return new Date(`1970-01-01T${value}Z`);
    case 'Long':
      return BigInt(value as string);
    case 'Decimal':
      return new Decimal(value as string);
    case 'Bytes':
      return new Uint8Array(Buffer.from(value as string, 'base64'));
    default:
      return value;
  }
}
