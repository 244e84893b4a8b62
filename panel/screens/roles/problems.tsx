import type { ReactNode } from 'react';
import { Link } from 'wouter';
import { Notice } from '../../ui/notice.tsx';
import { useWords } from '../../words/words.ts';

/** Rules that can no longer be read: each with the way to mend it. */
export function Problems({
  problems,
  here,
}: {
  readonly problems: readonly string[];
  /** The address below which each action has its editor. */
  readonly here: string;
}): ReactNode {
  const { roles } = useWords();
  if (problems.length === 0) return null;
  return (
    <Notice kind="bad">
      <p>{roles.problemsAbout(problems.length)}</p>
      <ul className="stack tight">
        {problems.map((problem) => {
          // `post.find.0.where.premium: …`
          const action = problem.split('.', 2).join('.');
          return (
            <li key={problem}>
              <Link to={`${here}/${action}`}>{action}</Link>: {problem.slice(problem.indexOf(': ') + 2)}
            </li>
          );
        })}
      </ul>
    </Notice>
  );
}
