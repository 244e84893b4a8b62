import { Combobox } from '@base-ui/react/combobox';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { useWords } from '../words/words.ts';
import { Field, type FieldProps } from './field.tsx';
import { Icon } from './icons.tsx';

/** Something that can be picked: a user, a role, a document. */
export interface Pick {
  readonly id: string;
  readonly label: string;
  readonly hint?: string | undefined;
}

/** Finds what matches a text: the first ones for an empty text. `more`: there are others, which a longer text would find. */
export type Find = (
  text: string,
  signal: AbortSignal,
) => Promise<{ readonly found: readonly Pick[]; readonly more: boolean }>;

type PickerProps = FieldProps & {
  readonly find: Find;
  readonly disabled?: boolean;
  readonly placeholder?: string;
};

/** Picks one of many, which the server finds while one types. */
export function PickerField({
  find,
  value,
  onChange,
  disabled = false,
  placeholder,
  ...field
}: PickerProps & {
  readonly value: Pick | null;
  readonly onChange: (value: Pick | null) => void;
}): ReactNode {
  const { items, note, search } = useFound(find);
  const words = useWords();
  return (
    <Field {...field}>
      {(control) => (
        <Combobox.Root
          items={value && !items.some(({ id }) => id === value.id) ? [value, ...items] : items}
          filter={null}
          value={value}
          onValueChange={onChange}
          onInputValueChange={(text, { reason }) => search(reason === 'item-press' ? '' : text)}
          onOpenChange={(open, { reason }) => open && reason !== 'input-change' && search('')}
          itemToStringLabel={({ label }: Pick) => label}
          isItemEqualToValue={(one: Pick, other: Pick) => one.id === other.id}
          disabled={disabled}
        >
          <div className="picker">
            <Combobox.Input className="input" placeholder={placeholder ?? words.common.typeToSearch} {...control} />
            {value && !disabled && (
              <Combobox.Clear className="picker-clear" aria-label={words.common.clear}>
                <Icon name="close" size={16} />
              </Combobox.Clear>
            )}
          </div>
          <Choices note={note} />
        </Combobox.Root>
      )}
    </Field>
  );
}

/** Picks several of many. */
export function MultiPickerField({
  find,
  value,
  onChange,
  disabled = false,
  placeholder,
  ...field
}: PickerProps & {
  readonly value: readonly Pick[];
  readonly onChange: (value: readonly Pick[]) => void;
}): ReactNode {
  const { items, note, search } = useFound(find);
  const words = useWords();
  const chosen = new Set(value.map(({ id }) => id));
  return (
    <Field {...field}>
      {(control) => (
        <Combobox.Root
          multiple
          items={[...value, ...items.filter(({ id }) => !chosen.has(id))]}
          filter={null}
          value={value as Pick[]}
          // Escape closes the list. It takes nothing away that was chosen.
          onValueChange={(next, details) => (details.reason === 'escape-key' ? details.cancel() : onChange(next))}
          onInputValueChange={(text) => search(text)}
          onOpenChange={(open, { reason }) => open && reason !== 'input-change' && search('')}
          itemToStringLabel={({ label }: Pick) => label}
          isItemEqualToValue={(one: Pick, other: Pick) => one.id === other.id}
          disabled={disabled}
        >
          <Combobox.Chips className="chips">
            {value.map((one) => (
              <Combobox.Chip key={one.id} className="chip" aria-label={one.label}>
                {one.label}
                {!disabled && (
                  <Combobox.ChipRemove aria-label={words.common.remove(one.label)}>
                    <Icon name="close" size={14} />
                  </Combobox.ChipRemove>
                )}
              </Combobox.Chip>
            ))}
            <Combobox.Input className="input" placeholder={placeholder ?? words.common.typeToSearch} {...control} />
          </Combobox.Chips>
          <Choices note={note} />
        </Combobox.Root>
      )}
    </Field>
  );
}

function Choices({ note }: { readonly note: string | undefined }): ReactNode {
  const words = useWords();
  return (
    <Combobox.Portal>
      <Combobox.Positioner className="positioner" sideOffset={4}>
        <Combobox.Popup className="popup">
          <Combobox.Empty>
            <div className="popup-note">{note ? '' : words.common.nothingFound}</div>
          </Combobox.Empty>
          <Combobox.List>
            {(one: Pick) => (
              <Combobox.Item key={one.id} value={one} className="option">
                <span className="grow">
                  {one.label}
                  {one.hint && <span className="hint"> {one.hint}</span>}
                </span>
                <Combobox.ItemIndicator>
                  <Icon name="check" size={16} />
                </Combobox.ItemIndicator>
              </Combobox.Item>
            )}
          </Combobox.List>
          <Combobox.Status className="popup-note">{note}</Combobox.Status>
        </Combobox.Popup>
      </Combobox.Positioner>
    </Combobox.Portal>
  );
}

/** What the server finds for the text that was typed last. */
function useFound(find: Find) {
  const words = useWords();
  const [items, setItems] = useState<readonly Pick[]>([]);
  const [note, setNote] = useState<string>();
  const running = useRef<AbortController>(undefined);
  useEffect(() => () => running.current?.abort(), []);
  const search = (text: string) => {
    running.current?.abort();
    const controller = new AbortController();
    running.current = controller;
    setNote(words.common.searching);
    // A pause in typing, so that not each letter is a request.
    const timer = setTimeout(
      async () => {
        try {
          const { found, more } = await find(text, controller.signal);
          if (controller.signal.aborted) return;
          setItems(found);
          setNote(more ? words.common.moreMatches : undefined);
        } catch {
          if (!controller.signal.aborted) setNote(words.common.searchFailed);
        }
      },
      text ? 200 : 0,
    );
    controller.signal.addEventListener('abort', () => clearTimeout(timer));
  };
  return { items, note, search };
}
