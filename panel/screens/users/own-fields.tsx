import { type ReactNode, useCallback, useEffect, useMemo, useState } from 'react';
import { act, useData, useMayChange } from '../../api/hooks.ts';
import { UpdateUserDocument, UserFieldsDocument, type UserLineFragment } from '../../generated/graphql.ts';
import { Button } from '../../ui/button.tsx';
import { useForm } from '../../ui/form.ts';
import { FailureNotice } from '../../ui/notice.tsx';
import { Section } from '../../ui/page.tsx';
import { say } from '../../ui/toasts.tsx';
import { useWords } from '../../words/words.ts';
import { checkedInput } from '../content/checked-input.ts';
import { askOne } from '../content/content-data.ts';
import type { ContentField, ContentType, Row } from '../content/content-type.ts';
import { DocumentFields, FormFaults } from '../content/document-fields.tsx';
import { DocumentFacts } from '../content/value-view.tsx';
import { type Values, valuesOf, writableFields } from '../content/values.ts';

/** The fields of users that are the application's own; none before they are known. */
export function useUserFields(): readonly ContentField[] {
  const fields = useData(UserFieldsDocument, {}).data?.userFields;
  return useMemo(() => fields?.map((field) => ({ ...field, ofUsers: true })) ?? NONE, [fields]);
}

const NONE: readonly ContentField[] = [];

/** Users as the forms of content see them: with the fields that are the application's own. */
function userType(fields: readonly ContentField[]): ContentType {
  return {
    ...{ name: 'User', label: '', pluralLabel: '', actions: 'user', isSingle: false, isReadOnly: true },
    ...{ one: 'user', title: 'username', search: [], fields },
  };
}

/** What a user has in those fields, and what of it can be changed. Nothing where there are none. */
export function OwnFields({
  user,
  onSaved,
}: {
  readonly user: UserLineFragment;
  readonly onSaved: () => void;
}): ReactNode {
  const { users } = useWords();
  const fields = useUserFields();
  const [row, setRow] = useState<Row | null>();
  const [failure, setFailure] = useState<unknown>();
  const { documentId, updatedAt } = user;
  const askAgain = useCallback(
    () => askOne(userType(fields), [], documentId).then(setRow, setFailure),
    [fields, documentId],
  );
  // Another `updatedAt`: somebody changed the user meanwhile.
  // biome-ignore lint/correctness/useExhaustiveDependencies: see above
  useEffect(() => {
    if (fields.length > 0) void askAgain();
  }, [askAgain, fields, updatedAt]);
  if (fields.length === 0) return null;
  return (
    <Section title={users.ownFields}>
      <FailureNotice failure={failure} />
      {row && <OwnFieldsForm key={documentId} row={row} fields={fields} onSaved={onSaved} />}
    </Section>
  );
}

function OwnFieldsForm({
  row,
  fields,
  onSaved,
}: {
  readonly row: Row;
  readonly fields: readonly ContentField[];
  readonly onSaved: () => void;
}): ReactNode {
  const words = useWords();
  const { common } = words;
  const mayChange = useMayChange();
  const written = mayChange ? writableFields({ fields }) : NONE;
  const others = fields.filter((field) => !written.includes(field));
  const stored = valuesOf({ fields }, row);
  const form = useForm<Values>(`fields of ${row.documentId}`, stored, async (values) => {
    const data = checkedInput(words, written, values, { initial: stored, isNew: false });
    await act(UpdateUserDocument, { user: row.documentId, data });
    say(common.saved);
    onSaved();
  });
  const { dirty, reset } = form;
  const latest = JSON.stringify(stored);
  // Somebody else may have changed the user: an untouched form shows it, and a touched one keeps what was typed.
  // biome-ignore lint/correctness/useExhaustiveDependencies: `latest` is `stored` as text
  useEffect(() => {
    if (!dirty) reset(stored);
  }, [latest, dirty, reset]);
  return (
    <>
      {others.length > 0 && <DocumentFacts row={row} type={userType(fields)} types={[]} fields={others} />}
      {written.length > 0 && (
        <form
          className="stack user-form"
          noValidate
          onSubmit={(event) => {
            event.preventDefault();
            void form.save();
          }}
        >
          <FormFaults fields={written} form={form} />
          <DocumentFields types={[]} fields={written} form={form} isNew={false} />
          <div className="row">
            <Button type="submit" look="primary" busy={form.busy} disabled={!dirty}>
              {common.save}
            </Button>
            {dirty && <Button onClick={() => reset(stored)}>{common.discard}</Button>}
            {dirty && <span className="soft small">{common.unsaved}</span>}
          </div>
        </form>
      )}
    </>
  );
}
