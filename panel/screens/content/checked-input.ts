import { Failure } from '../../api/failure.ts';
import type { Words } from '../../words/words.ts';
import type { ContentField } from './content-type.ts';
import { inputOf, type Problem, type Values } from './values.ts';

/**
 * What is sent of a form: what differs from `initial`.
 *
 * @throws Failure with the fault of each field that the server would refuse.
 */
export function checkedInput(
  { content }: Pick<Words, 'content'>,
  fields: readonly ContentField[],
  values: Values,
  as: { readonly initial: Values; readonly isNew: boolean },
): Readonly<Record<string, unknown>> {
  const { data, problems } = inputOf(fields, values, as);
  if (problems.length === 0) return data;
  const faults = problems.map(({ field, problem }) => ({ path: [field], message: problemText(content, problem) }));
  throw new Failure('', 'BAD_USER_INPUT', { faults });
}

function problemText({ problems }: Words['content'], problem: Problem): string {
  return 'limit' in problem ? problems[problem.kind](problem.limit) : problems[problem.kind];
}
