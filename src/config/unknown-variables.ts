import { variableNames } from './environment-schema.ts';

/** A variable that is not known, and the one that was probably meant. */
export interface NearMiss {
  readonly name: string;
  readonly meant: string;
}

/** Names among the variables that are nearly one of ours, where that one itself is not set: `CORS_ORIGIN`, `NODE_EVN`. */
export function nearMisses(variables: Readonly<Record<string, string | undefined>>): NearMiss[] {
  const known = variableNames();
  const missing = known.filter((name) => variables[name] === undefined);
  return Object.keys(variables).flatMap((name) => {
    if (known.includes(name)) return [];
    const meant = missing.find((other) => isNear(plain(name), plain(other)));
    return meant === undefined ? [] : [{ name, meant }];
  });
}

function plain(name: string): string {
  return name.toUpperCase().replaceAll(/[^A-Z0-9]/g, '');
}

/** One letter too many, too few, wrong or in its neighbour's place; two of them in names that are long enough to tell. */
function isNear(one: string, other: string): boolean {
  const most = other.length >= 10 ? 2 : 1;
  return Math.abs(one.length - other.length) <= most && distance(one, other) <= most;
}

/** Damerau and Levenshtein's, without what was moved being edited again. */
function distance(one: string, other: string): number {
  const rows: number[][] = [];
  for (let i = 0; i <= one.length; i++) {
    const row: number[] = [];
    for (let j = 0; j <= other.length; j++) {
      if (i === 0 || j === 0) {
        row.push(i + j);
        continue;
      }
      const same = one[i - 1] === other[j - 1];
      let least = Math.min(
        (rows[i - 1]?.[j] ?? 0) + 1,
        (row[j - 1] ?? 0) + 1,
        (rows[i - 1]?.[j - 1] ?? 0) + (same ? 0 : 1),
      );
      if (i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1]) {
        least = Math.min(least, (rows[i - 2]?.[j - 2] ?? 0) + 1);
      }
      row.push(least);
    }
    rows.push(row);
  }
  return rows[one.length]?.[other.length] ?? 0;
}
