import { Autocomplete } from '@base-ui/react/autocomplete';
import { Dialog as BaseDialog } from '@base-ui/react/dialog';
import { type ReactNode, useMemo, useRef, useState } from 'react';
import { useMayChange } from '../api/hooks.ts';
import { Icon, type IconName } from '../ui/icons.tsx';
import { goTo } from '../ui/leave-guard.ts';
import { useWords } from '../words/words.ts';
import { useContentDestinations, useContentTypes } from './content-destinations.ts';
import { navigation } from './navigation.ts';
import { useFoundEverywhere } from './search-everywhere.ts';

interface Entry {
  readonly title: string;
  readonly about: string | undefined;
  readonly to: string;
  readonly icon: IconName;
}

/** Ctrl-K: goes to a screen, a user, a role, a document or what was opened last, or begins a new document. */
export function Palette({ open, onClose }: { readonly open: boolean; readonly onClose: () => void }): ReactNode {
  const words = useWords();
  const content = useContentDestinations();
  const [text, setText] = useState('');
  const popup = useRef<HTMLDivElement>(null);
  /** What had the focus before it was opened, and gets it back. */
  const before = useRef<HTMLElement>(null);
  const found = useFoundEverywhere(open ? text : '');
  const screens = useMemo(
    (): readonly Entry[] =>
      navigation(words, content).flatMap(({ title, entries }) => entries.map((entry) => ({ ...entry, about: title }))),
    [words, content],
  );
  const types = useContentTypes();
  const mayChange = useMayChange();
  const create = useMemo(
    (): readonly Entry[] =>
      (mayChange ? (types ?? []) : []).flatMap((type) =>
        type.create
          ? [
              {
                title: words.content.create(type.label),
                about: undefined,
                to: `/content/${type.name}/new`,
                icon: 'plus',
              },
            ]
          : [],
      ),
    [mayChange, types, words],
  );
  const wanted = text.trim().toLowerCase();
  const fitting = [...screens, ...(wanted ? create : [])].filter(({ title }) => title.toLowerCase().includes(wanted));
  // What was opened last can be a screen as well: it is named once.
  const entries = [
    ...new Map(
      [...(wanted ? fitting : found), ...(wanted ? found : fitting)].map((entry) => [entry.to, entry]),
    ).values(),
  ];
  const close = () => {
    setText('');
    onClose();
  };
  return (
    <BaseDialog.Root open={open} onOpenChange={(next) => !next && close()}>
      <BaseDialog.Portal>
        <BaseDialog.Backdrop className="veil" />
        <BaseDialog.Popup
          ref={popup}
          className="dialog palette"
          aria-label={words.shell.palette}
          finalFocus={() => {
            const to = before.current;
            before.current = null;
            return to?.isConnected ? to : true;
          }}
        >
          <Autocomplete.Root
            open
            inline
            items={entries}
            filter={null}
            autoHighlight="always"
            itemToStringValue={({ title }: Entry) => title}
            value={text}
            onValueChange={(value, { reason }) => {
              if (reason !== 'item-press') setText(value);
            }}
          >
            <div className="search">
              <Icon name="search" />
              <Autocomplete.Input
                autoFocus // at once: the dialog gives it the focus only after a frame, and would lose what is typed before
                onFocus={({ relatedTarget: from }) => {
                  if (from instanceof HTMLElement && !popup.current?.contains(from)) before.current = from;
                }}
                className="input"
                aria-label={words.shell.palette}
                placeholder={words.shell.paletteHint}
              />
            </div>
            <Autocomplete.Empty>
              <p className="popup-note">{words.common.nothingFound}</p>
            </Autocomplete.Empty>
            <Autocomplete.List className="palette-list">
              {(entry: Entry) => (
                <Autocomplete.Item
                  key={entry.to}
                  value={entry}
                  className="option"
                  onClick={() => {
                    close();
                    goTo(entry.to);
                  }}
                >
                  <Icon name={entry.icon} />
                  <span className="grow">{entry.title}</span>
                  {entry.about && <span className="hint">{entry.about}</span>}
                </Autocomplete.Item>
              )}
            </Autocomplete.List>
          </Autocomplete.Root>
        </BaseDialog.Popup>
      </BaseDialog.Portal>
    </BaseDialog.Root>
  );
}
