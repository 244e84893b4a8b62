import type { Filter, Related } from '../filter.ts';

/** Whether a condition reads other rows than the one it is asked of. */
export function leavesRow(filter: Filter): boolean {
  switch (filter.kind) {
    case 'all':
    case 'any':
      return filter.of.some(leavesRow);
    case 'not':
      return leavesRow(filter.of);
    case 'compare':
    case 'none':
      return false;
    case 'related':
    case 'unrelated':
      return true;
  }
}

/** Whether a condition on a row of this model can read other rows of the same table. */
export function returnsTo(model: string, filter: Filter): boolean {
  switch (filter.kind) {
    case 'all':
    case 'any':
      return filter.of.some((inner) => returnsTo(model, inner));
    case 'not':
      return returnsTo(model, filter.of);
    case 'compare':
    case 'none':
      return false;
    case 'related':
      return reaches(model, filter.to) || returnsTo(model, filter.of);
    case 'unrelated':
      return reaches(model, filter.to);
  }
}

function reaches(model: string, { to: { type, rule, gates } }: Related): boolean {
  return type.model === model || [rule, ...gates].some((inner) => inner !== undefined && returnsTo(model, inner));
}
