import type { ReactNode } from 'react';
import type { PreviewPermissionsQuery } from '../../generated/graphql.ts';
import { Badge, Notice } from '../../ui/notice.tsx';
import { useWords } from '../../words/words.ts';

export type Preview = NonNullable<PreviewPermissionsQuery['previewPermissions']>;

/** What a change of a role comes to, in the words of the plan: what is wrong with it, its warnings, and what comes and goes. */
export function PreviewLines({ preview, nothing }: { readonly preview: Preview; readonly nothing: string }): ReactNode {
  const { roles } = useWords();
  const { lines, problems, warnings } = preview;
  return (
    <>
      {problems.map(({ action, path, message }) => (
        <Notice kind="bad" key={`${action} ${path} ${message}`}>
          {action ? `${action}: ${message}` : message}
        </Notice>
      ))}
      {lines.some((line) => line.public) && <Notice kind="warn">{roles.publicWarning}</Notice>}
      {warnings.map((warning) => (
        <Notice kind="warn" key={warning}>
          {warning}
        </Notice>
      ))}
      {lines.length === 0 && problems.length === 0 && <p className="soft">{nothing}</p>}
      <ul className="stack tight">
        {lines.map((line) => (
          <li key={line.text} className="row">
            <span className="breaks">{line.text}</span>
            {line.writes && <Badge kind="warn">{roles.writes}</Badge>}
            {line.public && <Badge kind="bad">{roles.public}</Badge>}
          </li>
        ))}
      </ul>
    </>
  );
}
