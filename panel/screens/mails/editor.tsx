import { type ReactNode, useEffect, useRef, useState } from 'react';
import { Failure } from '../../api/failure.ts';
import { act, ask } from '../../api/hooks.ts';
import {
  type MailTemplateInput,
  MailTemplatesDocument,
  type MailTextsFragment,
  SetMailTemplateDocument,
} from '../../generated/graphql.ts';
import { Button } from '../../ui/button.tsx';
import { TextAreaField, TextField } from '../../ui/field.tsx';
import { useForm } from '../../ui/form.ts';
import { FailureNotice, Notice } from '../../ui/notice.tsx';
import { Section } from '../../ui/page.tsx';
import { useShortcut } from '../../ui/shortcut.ts';
import { say } from '../../ui/toasts.tsx';
import { useWords } from '../../words/words.ts';
import { MailPreview } from './preview.tsx';

type Part = keyof MailTemplateInput;

const PARTS = ['subject', 'text', 'html'] as const satisfies readonly Part[];

/** The words of a mail beside how they look. What is typed is shown before it is saved. */
export function MailEditor({
  template,
  mayChange,
  onDirty,
}: {
  readonly template: MailTextsFragment;
  readonly mayChange: boolean;
  readonly onDirty: (dirty: boolean) => void;
}): ReactNode {
  const words = useWords();
  const { mails } = words;
  const { purpose, variables, ...rest } = template;
  const stored: MailTemplateInput = { subject: rest.subject, text: rest.text, html: rest.html };
  /** What the form began with. What somebody else saves replaces it while nothing is typed. */
  const base = useRef(stored);
  const wasDirty = useRef(false);
  if (!wasDirty.current) base.current = stored;
  const key = `${purpose} ${JSON.stringify(base.current)}`;
  /** What a save replaces: what the form began with, or what was shown of somebody else since. */
  const seen = useRef({ key, words: base.current });
  if (seen.current.key !== key) seen.current = { key, words: base.current };
  const [theirs, setTheirs] = useState<MailTemplateInput>();
  const form = useForm(key, base.current, async (typed) => {
    setTheirs(undefined);
    try {
      await act(SetMailTemplateDocument, { purpose, words: typed, was: seen.current.words });
    } catch (failure) {
      if (!(failure instanceof Failure) || !failure.faults.some(({ path }) => path[0] === 'was')) throw failure;
      const { mailTemplates } = await ask(MailTemplatesDocument, {});
      const now = mailTemplates?.find((one) => one.purpose === purpose);
      if (!now) throw failure;
      // To save again is to have seen it.
      seen.current.words = { subject: now.subject, text: now.text, html: now.html };
      setTheirs(seen.current.words);
      throw new Failure('', 'BAD_USER_INPUT', { faults: [{ path: [], message: mails.changedMeanwhile }] });
    }
    seen.current.words = typed;
    say(words.common.saved);
  });
  const { values, set, dirty } = form;
  wasDirty.current = dirty;
  useEffect(() => onDirty(dirty), [dirty, onDirty]);
  const save = () => {
    if (dirty && mayChange) void form.save();
  };
  useShortcut('mod+s', save, mayChange);

  const container = useRef<HTMLFormElement>(null);
  const [last, setLast] = useState<Part>('text');
  const insert = (name: string) => {
    const field = container.current?.elements.namedItem(last);
    if (!(field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement)) return;
    const variable = `{{${name}}}`;
    const [from, to] = [field.selectionStart ?? field.value.length, field.selectionEnd ?? field.value.length];
    set({ [last]: `${field.value.slice(0, from)}${variable}${field.value.slice(to)}` });
    // When the field has its new text, the caret is behind what was inserted.
    requestAnimationFrame(() => {
      field.focus();
      field.setSelectionRange(from + variable.length, from + variable.length);
    });
  };
  const field = (part: Part) => ({
    name: part,
    label: mails[part],
    required: true,
    fault: form.fault('words', part) ?? form.fault(part),
    value: values[part],
    onChange: (value: string) => set({ [part]: value }),
    onFocus: () => setLast(part),
    readOnly: !mayChange,
  });
  return (
    <div className="mail">
      <form
        ref={container}
        className="stack"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          save();
        }}
      >
        <Section title={mails.variables} about={mayChange ? mails.variablesAbout(mails[last]) : undefined}>
          <dl className="facts variables">
            {variables.map(({ name }) => (
              <div key={name} className="variable">
                <dt>
                  {mayChange ? (
                    <Button small className="mono" onClick={() => insert(name)} aria-label={mails.insert(name)}>
                      {`{{${name}}}`}
                    </Button>
                  ) : (
                    <code>{`{{${name}}}`}</code>
                  )}
                </dt>
                <dd className="soft">{mails.variable[name] ?? descriptionOf(template, name)}</dd>
              </div>
            ))}
          </dl>
        </Section>
        <TextField {...field('subject')} />
        <TextAreaField {...field('text')} rows={12} hint={mails.textHint} />
        <TextAreaField {...field('html')} rows={20} mono spellCheck={false} hint={mails.htmlHint} />
        {mayChange && (dirty || form.failure !== undefined) && (
          <section className="unsaved-bar" aria-label={words.common.unsaved}>
            <FailureNotice failure={form.failure} shownAtFields={PARTS} />
            {theirs && form.failure !== undefined && (
              <Notice kind="warn">
                {PARTS.filter((part) => theirs[part] !== values[part]).map((part) => (
                  <section key={part} className="stack tight" aria-label={mails.theirs(mails[part])}>
                    <h3>{mails.theirs(mails[part])}</h3>
                    <pre className="code mail-text">{theirs[part]}</pre>
                  </section>
                ))}
              </Notice>
            )}
            <div className="row apart">
              <span className="label">{words.common.unsaved}</span>
              <span className="row">
                <Button onClick={() => form.reset()}>{words.common.discard}</Button>
                <Button type="submit" look="primary" busy={form.busy}>
                  {words.common.save}
                </Button>
              </span>
            </div>
          </section>
        )}
      </form>
      <MailPreview purpose={purpose} words={values} />
    </div>
  );
}

function descriptionOf({ variables }: MailTextsFragment, name: string): string {
  return variables.find((one) => one.name === name)?.description ?? '';
}
