import type { ReactNode } from 'react';

/** A text of the schema, in which names stand between backticks, as Markdown has them. */
export function Coded({ text }: { readonly text: string }): ReactNode {
  return text.split('`').map((part, index) =>
    // Every other part was between two of them. The parts of a text never move.
    index % 2 === 1 ? <code key={`${index} ${part}`}>{part}</code> : part,
  );
}
