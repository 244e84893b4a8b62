import type { Words } from '../../words/words.ts';
import type { OperatorName } from './conditions.ts';
import type { ContentField } from './content-type.ts';

/** An operator in words: those for times differ. */
export function operatorText(
  { operators, timeOperators }: Words['content'],
  { kind }: ContentField,
  operator: OperatorName,
): string {
  const isTime = kind === 'DATE' || kind === 'TIME' || kind === 'DATE_TIME';
  if (isTime && (operator === 'gte' || operator === 'lt')) return timeOperators[operator];
  return operators[operator];
}
