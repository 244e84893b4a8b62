import { type ReactNode, useEffect, useRef, useState } from 'react';
import { Failure } from '../../api/failure.ts';
import { AlsoOpen } from '../../app/also-open.tsx';
import { Button } from '../../ui/button.tsx';
import { CopyButton } from '../../ui/copy.tsx';
import { useForm } from '../../ui/form.ts';
import { goTo } from '../../ui/leave-guard.ts';
import { Notice } from '../../ui/notice.tsx';
import { Section } from '../../ui/page.tsx';
import type { Pick } from '../../ui/picker.tsx';
import { useShortcut } from '../../ui/shortcut.ts';
import { zoneName } from '../../ui/time.tsx';
import { say } from '../../ui/toasts.tsx';
import { useWords } from '../../words/words.ts';
import { checkedInput } from './checked-input.ts';
import { type Choice, type Conflict, ConflictDialog } from './conflict-dialog.tsx';
import { MOST_RELATED, totalOf } from './content-data.ts';
import type { ContentField, ContentType, Row } from './content-type.ts';
import { CreateDrawer } from './create-drawer.tsx';
import { documentAddress } from './document-address.ts';
import { DocumentFields, FormFaults } from './document-fields.tsx';
import { DocumentFacts } from './value-view.tsx';
import { isEqual, type Value, type Values, valuesOf, writableFields } from './values.ts';
import { create, isChangedMeanwhile, update } from './write-documents.ts';

/** The form of a document. Only what was changed is sent. */
export function DocumentForm({
  type,
  types,
  row,
  copied,
  documentId,
  askAgain,
  onRow,
}: {
  readonly type: ContentType;
  readonly types: readonly ContentType[];
  /** The document as it was read; null: there is none yet. */
  readonly row: Row | null;
  /** The document of which a new one begins as a copy. */
  readonly copied: Row | undefined;
  readonly documentId: string | undefined;
  /** Reads the document as it is now. */
  readonly askAgain: () => Promise<Row | null>;
  readonly onRow: (row: Row) => void;
}): ReactNode {
  const words = useWords();
  const { common, content } = words;
  const isNew = row === null;
  const fields = writableFields(type).filter((field) => !isTooMany(field, row));
  const [conflict, setConflict] = useState<Conflict>();
  /** The relation for which a document is created. */
  const [creating, setCreating] = useState<ContentField>();
  const createdType = types.find(({ name }) => name === creating?.type);
  const base = useRef<Values>(undefined);
  base.current ??= valuesOf(type, row ?? undefined);
  /** What the document became while it was saved, or what is shown instead of what was typed. */
  const next = useRef<Row>(undefined);
  const taken = useRef<Values>(undefined);
  const element = useRef<HTMLFormElement>(null);

  const save = async (values: Values): Promise<void> => {
    const data = checkedInput(words, fields, values, { initial: base.current ?? values, isNew });
    if (isNew && !type.isSingle) {
      const created = await create(type, data);
      say(content.created);
      goTo(documentAddress(type.name, created), { replace: true });
      return;
    }
    let seen = row;
    for (;;) {
      const now = seen && (await settledWith(seen, data));
      try {
        await update(type, { documentId, data, as: now });
        break;
      } catch (failure) {
        // Somebody else saved after the question whether somebody had.
        if (!isChangedMeanwhile(failure)) throw failure;
        seen = now ?? (await askAgain());
      }
    }
    base.current = values;
    next.current = (await askAgain().catch(() => null)) ?? undefined;
    say(content.savedAt);
  };

  /** The document as it is now, after the question what counts where somebody else changed it since it was `seen`. */
  const settledWith = async (seen: Row, data: Readonly<Record<string, unknown>>): Promise<Row | null> => {
    const now = await askAgain();
    if (!now && !type.isSingle) throw new Failure(content.gone, 'CONFLICT');
    const theirs = now ? differences(type, seen, now) : [];
    if (!now || theirs.length === 0) return now;
    const choice = await new Promise<Choice>((resolve) =>
      setConflict({ fields: theirs, before: seen, now, sent: Object.keys(data), settle: resolve }),
    );
    setConflict(undefined);
    if (choice === 'theirs') {
      taken.current = valuesOf(type, now);
      next.current = now;
    }
    if (choice !== 'mine') throw new Failure(content.conflictStays, 'CONFLICT');
    return now;
  };

  const form = useForm<Values>(
    `${type.name}/${documentId ?? (copied ? `copy ${copied.documentId}` : '')}`,
    base.current,
    save,
  );
  const { set } = form;
  useEffect(() => {
    if (copied) set(copyOf(type, copied));
  }, [copied, set, type]);

  const submit = async () => {
    if (form.busy || (!form.dirty && !isNew)) return;
    const isSaved = await form.save();
    if (taken.current) {
      base.current = taken.current;
      form.reset(taken.current);
      taken.current = undefined;
    }
    if (next.current) {
      onRow(next.current);
      next.current = undefined;
    } else if (!isSaved) {
      element.current?.querySelector<HTMLElement>('.content-summary')?.scrollIntoView({ block: 'nearest' });
    }
  };
  useShortcut('mod+s', () => void submit());

  const others = type.fields.filter(
    (field) => field.readable && field.name !== 'documentId' && !fields.some(({ name }) => name === field.name),
  );
  return (
    <form
      ref={element}
      className="stack"
      noValidate
      aria-label={type.label}
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      {(documentId !== undefined || type.isSingle) && (
        <AlsoOpen
          form={`/content/${type.name}${documentId === undefined ? '' : `/${documentId}`}`}
          changed={form.dirty}
        />
      )}
      {isNew && type.isSingle && <Notice>{content.notThereYet}</Notice>}
      <FormFaults fields={fields} form={form} />
      <div className={row ? 'content-editor' : undefined}>
        <Section title={content.fieldsTitle}>
          <DocumentFields types={types} fields={fields} form={form} isNew={isNew} onCreateRelated={setCreating} />
        </Section>
        {row && (
          <Section title={content.about} about={common.zone(zoneName())}>
            <dl className="facts">
              <div className="content-fact">
                <dt>{content.documentId}</dt>
                <dd className="row">
                  <code className="breaks">{row.documentId}</code>
                  <CopyButton text={row.documentId} />
                </dd>
              </div>
            </dl>
            <DocumentFacts row={row} type={type} types={types} fields={others} />
            {others.some((field) => isTooMany(field, row)) && (
              <p className="hint">{content.tooManyRelated(MOST_RELATED)}</p>
            )}
          </Section>
        )}
      </div>
      <div className="content-save toolbar">
        <span className="grow small soft" role="status">
          {form.dirty ? common.unsaved : ''}
        </span>
        <Button onClick={() => form.reset()} disabled={!form.dirty}>
          {common.discard}
        </Button>
        <Button type="submit" look="primary" busy={form.busy} disabled={!form.dirty && !isNew} title="Ctrl S">
          {isNew && !type.isSingle ? common.create : common.save}
        </Button>
      </div>
      {conflict && <ConflictDialog conflict={conflict} type={type} types={types} />}
      {creating && createdType && (
        <CreateDrawer
          type={createdType}
          types={types}
          onCreated={(pick) => form.set({ [creating.name]: withPicked(creating, form.values[creating.name], pick) })}
          onClose={() => setCreating(undefined)}
        />
      )}
    </form>
  );
}

function isTooMany(field: ContentField, row: Row | null): boolean {
  return field.kind === 'RELATION_TO_MANY' && field.readable && row !== null && totalOf(row, field.name) > MOST_RELATED;
}

/** The value of a relation with one more document. */
function withPicked({ kind }: ContentField, value: Value | undefined, pick: Pick): Value {
  return kind === 'RELATION_TO_MANY' ? [...((value ?? []) as readonly Pick[]), pick] : pick;
}

/** The fields in which a document differs from what it was. */
function differences(type: ContentType, before: Row, now: Row): readonly ContentField[] {
  const [was, is] = [valuesOf(type, before), valuesOf(type, now)];
  return writableFields(type).filter(
    (field) =>
      field.readable &&
      (!isEqual(field, was[field.name] ?? null, is[field.name] ?? null) ||
        (field.kind === 'RELATION_TO_MANY' && totalOf(before, field.name) !== totalOf(now, field.name))),
  );
}

/** A copy has all that the document has, but for what no two can have. */
function copyOf(type: ContentType, row: Row): Values {
  const values = valuesOf(type, row);
  return Object.fromEntries(
    writableFields(type)
      .filter(({ unique }) => !unique)
      .map(({ name }) => [name, values[name] ?? null]),
  );
}
