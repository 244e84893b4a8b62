import { parseJson } from '../bounded-json.ts';
import { isRowId } from '../shapes.ts';

/** Why a value is not taken, as the end of a sentence. */
interface Problem {
  readonly problem: string;
}

/**
 * A value of a column as Strapi's archive has it. SQLite gives numbers and texts, PostgreSQL the texts that it prints.
 *
 * What does not fit its type stays as it is: nothing is guessed.
 */
export function archiveValue(type: string, raw: unknown): { readonly value: unknown } | Problem {
  if (raw === null || raw === undefined) return { value: null };
  if (typeof raw === 'object') return { problem: 'holds bytes, which no column of Strapi does' };
  if (typeof raw === 'string' && (raw.includes('\0') || !raw.isWellFormed()))
    return { problem: 'has a character that cannot be kept' };
  switch (type) {
    case 'boolean':
      return { value: BOOLEANS.get(raw) ?? raw };
    case 'integer':
    case 'float':
    case 'decimal':
      return { value: numberOf(raw) };
    case 'biginteger':
      return { value: String(raw) };
    case 'datetime':
    case 'timestamp':
      return { value: instantOf(raw)?.toISOString() ?? raw };
    case 'date':
      return { value: typeof raw === 'number' ? (instantOf(raw)?.toISOString().slice(0, 10) ?? raw) : raw };
    case 'time':
      return { value: typeof raw === 'string' && /^\d\d:\d\d:\d\d$/.test(raw) ? `${raw}.000` : raw };
    case 'json':
    case 'blocks':
      return typeof raw === 'string' ? parseJson(raw) : { value: raw };
    default:
      return { value: raw };
  }
}

const BOOLEANS: ReadonlyMap<unknown, boolean> = new Map<unknown, boolean>([
  [1, true],
  [0, false],
  ['true', true],
  ['false', false],
]);

function numberOf(raw: unknown): unknown {
  if (typeof raw !== 'string' || !/^-?\d+(?:\.\d+)?(?:e[+-]?\d+)?$/i.test(raw)) return raw;
  return Number(raw);
}

/** Milliseconds, or what a database prints of a time without a zone, which is taken as UTC. */
function instantOf(raw: unknown): Date | undefined {
  const [, day, time] = (typeof raw === 'string' && PRINTED.exec(raw)) || [];
  const date = typeof raw === 'number' ? new Date(raw) : new Date(`${day}T${time}Z`);
  return Number.isNaN(date.getTime()) ? undefined : date;
}

const PRINTED = /^(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d(?:\.\d{1,6})?)(?:Z|\+00(?::?00)?)?$/;

/** The id of a row; null where the column holds nothing, undefined for what is no id. */
export function rowIdOf(raw: unknown): number | null | undefined {
  if (raw === null) return null;
  const id = typeof raw === 'string' && /^\d{1,10}$/.test(raw) ? Number(raw) : raw;
  return isRowId(id) ? id : undefined;
}
