import { escaped, type PageContent } from '../pages/pages.ts';
import { messagesIn, type Spoken } from '../pages/words/words.ts';

/** A page that only says something. */
export interface MessagePage {
  readonly title: string;
  /** Of the API, as it says it. */
  readonly message: string;
  /** More, as pairs of a name and a value. */
  readonly facts?: readonly (readonly [name: string, value: string])[];
}

/** The content of the page. No script runs in it. */
export function messagePage({ title, message, facts = [] }: MessagePage, spoken: Spoken): PageContent {
  const messages = new Map(Object.entries(messagesIn(spoken)));
  const rows = facts.map(([name, value]) => `<dt>${escaped(name)}</dt><dd>${escaped(value)}</dd>`).join('\n');
  return {
    title,
    body: `<p>${escaped(messages.get(message) ?? message)}</p>${rows === '' ? '' : `\n<dl>\n${rows}\n</dl>`}`,
  };
}
