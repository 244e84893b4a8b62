import { type ReactNode, useRef } from 'react';
import { Failure } from '../../api/failure.ts';
import { Button } from '../../ui/button.tsx';
import type { Form } from '../../ui/form.ts';
import { FailureNotice, Notice } from '../../ui/notice.tsx';
import { useWords } from '../../words/words.ts';
import type { ContentField, ContentType } from './content-type.ts';
import { FieldControl } from './field-control.tsx';
import type { Value, Values } from './values.ts';

interface FieldsProps {
  readonly types: readonly ContentType[];
  readonly fields: readonly ContentField[];
  readonly form: Form<Values>;
  readonly isNew: boolean;
  /** Called to create a document that the relation can lead to. */
  readonly onCreateRelated?: (field: ContentField) => void;
}

/** The fields of a form. */
export function DocumentFields({ types, fields, form, isNew, onCreateRelated }: FieldsProps): ReactNode {
  const fault = useFaultOf(form);
  return fields.map((field) => (
    <div key={field.name} data-field={field.name}>
      <FieldControl
        field={field}
        types={types}
        value={form.values[field.name] ?? null}
        onChange={(value: Value) => form.set({ [field.name]: value })}
        fault={fault(field.name)}
        isNew={isNew}
        {...(onCreateRelated && { onCreateRelated: () => onCreateRelated(field) })}
      />
    </div>
  ));
}

/** Why a form was not saved: the fields with a fault, as ways to them, and what belongs to none. */
export function FormFaults({ fields, form }: Pick<FieldsProps, 'fields' | 'form'>): ReactNode {
  const { content } = useWords();
  const fault = useFaultOf(form);
  const element = useRef<HTMLDivElement>(null);
  const faulty = fields.filter(({ name }) => fault(name) !== undefined);
  const goToField = (name: string) =>
    element.current
      ?.closest('form')
      ?.querySelector<HTMLElement>(
        `[data-field="${name}"] :is(input:not([type=hidden]), textarea, button, [role=switch])`,
      )
      ?.focus();
  return (
    <div className="content-summary stack tight" ref={element}>
      {faulty.length > 0 && (
        <Notice kind="bad" role="alert">
          <p>{content.summary(faulty.length)}</p>
          <ul className="row">
            {faulty.map(({ name, label }) => (
              <li key={name}>
                <Button small onClick={() => goToField(name)}>
                  {label}
                </Button>
              </li>
            ))}
          </ul>
        </Notice>
      )}
      {(faulty.length === 0 || hasMore(form.failure, faulty)) && (
        <FailureNotice failure={form.failure} shownAtFields={faulty.map(({ name }) => name)} />
      )}
    </div>
  );
}

function useFaultOf(form: Form<Values>): (name: string) => string | undefined {
  const { content } = useWords();
  return (name) => {
    const text = form.fault(name);
    return text === 'This attribute must be unique' ? content.problems.unique : text;
  };
}

function hasMore(failure: unknown, faulty: readonly ContentField[]): boolean {
  if (!(failure instanceof Failure)) return failure !== undefined;
  return failure.faults.some(({ path }) => !faulty.some(({ name }) => path.at(-1) === name));
}
