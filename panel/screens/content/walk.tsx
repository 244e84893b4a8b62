import { type ReactNode, useEffect, useState } from 'react';
import { IconButton } from '../../ui/button.tsx';
import { goTo } from '../../ui/leave-guard.ts';
import { useWords } from '../../words/words.ts';
import { askPicks } from './content-data.ts';
import type { ContentType } from './content-type.ts';
import { documentAddress } from './document-address.ts';
import { keepPlace, type Place, placeOf } from './places.ts';

/** The way to the documents before and after this one in the list that it was opened from. */
export function Walk({ type, documentId }: { readonly type: ContentType; readonly documentId: string }): ReactNode {
  const { content } = useWords();
  const [place] = useState(() => placeOf(type.name));
  const index = place ? place.ids.indexOf(documentId) : -1;
  const position = place && index >= 0 ? place.start + index : undefined;
  const hasBefore = position !== undefined && position > 0;
  const hasAfter = place !== undefined && position !== undefined && position + 1 < place.total;
  const go = async (by: -1 | 1) => {
    if (!place || position === undefined || !(by < 0 ? hasBefore : hasAfter)) return;
    const next = place.ids[index + by] ?? (await askBeside(type, place, position + by, by));
    if (next !== undefined) goTo(documentAddress(type.name, next));
  };
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      const by = event.key === 'ArrowUp' ? -1 : event.key === 'ArrowDown' ? 1 : undefined;
      if (by === undefined || event.defaultPrevented || event.altKey || event.ctrlKey || event.metaKey) return;
      // Only where the key does nothing else: not in a field, a menu or a dialog.
      const { target } = event;
      const isFree =
        target instanceof HTMLElement && (target === document.body || target.matches('#main, .content-walk *'));
      if (!isFree) return;
      event.preventDefault();
      go(by).catch(() => {}); // one stays where one is
    };
    addEventListener('keydown', listen);
    return () => removeEventListener('keydown', listen);
  });
  if (!place || position === undefined) return null;
  return (
    <span className="row content-walk">
      <span className="small soft nowrap">{content.position(position + 1, place.total)}</span>
      <IconButton
        label={content.previousOf}
        icon="up"
        shortcut="↑"
        disabled={!hasBefore}
        onClick={() => go(-1).catch(() => {})}
      />
      <IconButton
        label={content.nextOf}
        icon="down"
        shortcut="↓"
        disabled={!hasAfter}
        onClick={() => go(1).catch(() => {})}
      />
    </span>
  );
}

/** Rows that are asked for at once beyond the page that was shown. */
const AHEAD = 10;

async function askBeside(type: ContentType, place: Place, wanted: number, by: -1 | 1): Promise<string | undefined> {
  const { name, many, filters, title, search } = type;
  if (!many || !filters) return undefined;
  const start = by > 0 ? wanted : Math.max(0, wanted - AHEAD + 1);
  const limit = by > 0 ? AHEAD : wanted - start + 1;
  const target = { name, many, filters, title, hasSearch: search.length > 0 };
  const found = await askPicks(target, { ...place.variables, pagination: { start, limit } });
  const ids = found.map(({ documentId }) => documentId);
  const all = by > 0 ? [...place.ids, ...ids] : [...ids, ...place.ids];
  keepPlace(name, { ...place, ids: all, start: by > 0 ? place.start : start });
  return by > 0 ? ids[0] : ids.at(-1);
}
