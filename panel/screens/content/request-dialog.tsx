import type { ReactNode } from 'react';
import { BASE } from '../../api/base.ts';
import { CopyButton } from '../../ui/copy.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { useWords } from '../../words/words.ts';
import type { ListVariables } from './content-data.ts';

/** The list one looks at as a program asks for it. */
export function RequestDialog({
  document,
  variables,
  onClose,
}: {
  readonly document: string;
  readonly variables: ListVariables;
  readonly onClose: () => void;
}): ReactNode {
  const { content } = useWords();
  const endpoint = `${location.origin}${BASE.replace(/\/admin$/, '')}/graphql`;
  const body = JSON.stringify({ query: document, variables }, null, 2);
  // Within single quotes a shell takes everything as it is, except a single quote.
  const curl = [
    `curl '${endpoint}'`,
    "-H 'content-type: application/json'",
    '-H "authorization: Bearer $TOKEN"',
    `--data-raw '${body.replaceAll("'", `'\\''`)}'`,
  ].join(' \\\n  ');
  return (
    <Dialog open onClose={onClose} title={content.requestTitle} shape="wide">
      <p className="soft">{content.requestAbout}</p>
      {(
        [
          [content.document, document],
          [content.variables, JSON.stringify(variables, null, 2)],
          [content.curl, curl],
        ] as const
      ).map(([title, text]) => (
        <section key={title} className="stack tight" aria-label={title}>
          <div className="row apart">
            <h3>{title}</h3>
            <CopyButton text={text} />
          </div>
          <pre className="code">{text}</pre>
        </section>
      ))}
    </Dialog>
  );
}
