import { type ReactNode, useState } from 'react';
import { TextAreaField } from '../../ui/field.tsx';
import { useWords, type Words } from '../../words/words.ts';
import { type ReadJson, readGrantsJson } from './grants-json.ts';
import { canonical, type Grant } from './held.ts';

/** The same grants as JSON. What is typed here is in the builder at once, as soon as it can be read. */
export function JsonEditor({
  grants,
  onChange,
  disabled,
}: {
  readonly grants: readonly Grant[];
  readonly onChange: (grants: readonly Grant[]) => void;
  readonly disabled: boolean;
}): ReactNode {
  const { rules } = useWords();
  const [state, setState] = useState({ text: JSON.stringify(grants, null, 2), of: canonical(grants) });
  let { text } = state;
  if (state.of !== canonical(grants)) {
    text = JSON.stringify(grants, null, 2);
    setState({ text, of: canonical(grants) });
  }
  const read = readGrantsJson(text);
  return (
    <TextAreaField
      label={rules.json}
      hint={rules.jsonHint}
      mono
      rows={Math.min(24, text.split('\n').length + 1)}
      spellCheck={false}
      readOnly={disabled}
      value={text}
      fault={inWords(read, rules)}
      onChange={(next) => {
        const read = readGrantsJson(next);
        if (!('grants' in read)) return setState((before) => ({ ...before, text: next }));
        setState({ text: next, of: canonical(read.grants) });
        onChange(read.grants);
      }}
    />
  );
}

function inWords(read: ReadJson, rules: Words['rules']): string | undefined {
  if ('grants' in read) return undefined;
  switch (read.fault) {
    case 'syntax':
      return read.place ? rules.jsonAt(read.place.line, read.place.column) : rules.jsonInvalid;
    case 'list':
      return rules.jsonList;
    case 'object':
      return rules.jsonObject(read.index + 1);
    case 'key':
      return rules.jsonKey(read.index + 1, read.key);
    case 'fields':
      return rules.jsonFields(read.index + 1);
  }
}
