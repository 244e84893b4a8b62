import { type ReactNode, useEffect, useState } from 'react';
import { Link } from 'wouter';
import { act, useMayChange } from '../../api/hooks.ts';
import { type EditedRoleFragment, UpdateRoleDocument } from '../../generated/graphql.ts';
import { listAsLeft } from '../../ui/address.ts';
import { Button } from '../../ui/button.tsx';
import { Switch, TextAreaField, TextField } from '../../ui/field.tsx';
import { useForm } from '../../ui/form.ts';
import { goTo } from '../../ui/leave-guard.ts';
import { FailureNotice } from '../../ui/notice.tsx';
import { Section } from '../../ui/page.tsx';
import { MultiPickerField, type Pick } from '../../ui/picker.tsx';
import { useShortcut } from '../../ui/shortcut.ts';
import { say } from '../../ui/toasts.tsx';
import { useWords } from '../../words/words.ts';
import { DeleteRole, whyNotDeleted } from './delete-role.tsx';
import { IncludesPreview } from './includes-preview.tsx';
import { findRoles } from './pick-roles.ts';

interface Values {
  readonly name: string;
  readonly description: string;
  readonly includes: readonly Pick[];
  readonly requiresSecondFactor: boolean;
}

/** What a role is called, and what it includes. */
export function RoleSettings({
  role,
  onDirty,
}: {
  readonly role: EditedRoleFragment;
  readonly onDirty: (dirty: boolean) => void;
}): ReactNode {
  const words = useWords();
  const { roles, common } = words;
  const mayChange = useMayChange();
  const [isDeleting, setDeleting] = useState(false);
  const form = useForm<Values>(
    // Somebody else's change of the permissions is no reason to lose what was typed here.
    role.documentId,
    {
      name: role.name,
      description: role.description ?? '',
      includes: role.includes.map(({ documentId, name }) => ({ id: documentId, label: name })),
      requiresSecondFactor: role.requiresSecondFactor ?? false,
    },
    async ({ name, description, includes, requiresSecondFactor }) => {
      await act(UpdateRoleDocument, {
        role: role.documentId,
        version: role.version,
        data: { name, description: description || null, includes: includes.map(({ id }) => id), requiresSecondFactor },
      });
      say(common.saved);
    },
  );
  const { values, dirty } = form;
  useEffect(() => {
    onDirty(dirty);
    return () => onDirty(false); // another tab is another form
  }, [dirty, onDirty]);
  useShortcut('mod+s', () => void form.save(), form.dirty);
  const includesChanged = idsOf(values.includes).sort().join() !== idsOf(role.includes).sort().join();
  const why = whyNotDeleted(role, words);
  return (
    <div className="stack wide">
      <Section title={roles.settings}>
        {!mayChange && <p className="soft">{common.readOnly}</p>}
        <form
          className="stack"
          noValidate
          onSubmit={(event) => {
            event.preventDefault();
            void form.save();
          }}
        >
          <TextField
            label={roles.name}
            required
            readOnly={!mayChange}
            value={values.name}
            onChange={(name) => form.set({ name })}
            fault={form.fault('name')}
          />
          <TextAreaField
            label={roles.description}
            rows={3}
            readOnly={!mayChange}
            value={values.description}
            onChange={(description) => form.set({ description })}
            fault={form.fault('description')}
          />
          <MultiPickerField
            label={roles.includes}
            hint={roles.includesHint}
            find={findRoles(role.documentId)}
            disabled={!mayChange}
            value={values.includes}
            onChange={(includes) => form.set({ includes })}
            fault={form.fault('includes')}
          />
          {includesChanged && <IncludesPreview role={role.documentId} includes={idsOf(values.includes)} />}
          {role.includedBy.length > 0 && (
            <p className="soft">
              {roles.includedBy}{' '}
              {role.includedBy.map(({ documentId, name }, index) => (
                <span key={documentId}>
                  {index > 0 && ', '}
                  <Link to={`/roles/${documentId}`}>{name}</Link>
                </span>
              ))}
            </p>
          )}
          <Switch
            label={roles.requiresSecondFactor}
            hint={roles.requiresSecondFactorHint}
            checked={values.requiresSecondFactor}
            onChange={(requiresSecondFactor) => form.set({ requiresSecondFactor })}
            disabled={!mayChange || role.type === 'public'}
          />
          <FailureNotice failure={form.failure} shownAtFields={['name', 'description', 'includes']} />
          {mayChange && (
            <div className="row">
              <Button type="submit" look="primary" busy={form.busy} disabled={!form.dirty}>
                {common.save}
              </Button>
              {form.dirty && <Button onClick={() => form.reset()}>{common.discard}</Button>}
            </div>
          )}
        </form>
      </Section>
      {mayChange && (
        <Section title={roles.delete} about={why ?? roles.deleteHint}>
          {!why && (
            <div>
              <Button danger icon="trash" onClick={() => setDeleting(true)}>
                {roles.deleteThis(role.name)}
              </Button>
            </div>
          )}
        </Section>
      )}
      {isDeleting && (
        <DeleteRole
          role={role}
          onClose={() => setDeleting(false)}
          onDeleted={() => goTo(listAsLeft('/roles'), { replace: true })}
        />
      )}
    </div>
  );
}

function idsOf(roles: readonly ({ readonly id: string } | { readonly documentId: string })[]): string[] {
  return roles.map((role) => ('id' in role ? role.id : role.documentId));
}
