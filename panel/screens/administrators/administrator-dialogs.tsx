import type { ReactNode } from 'react';
import { act, useMe } from '../../api/hooks.ts';
import { session } from '../../api/session.ts';
import {
  type AdminRole,
  CreateAdministratorDocument,
  type MeFragment,
  UpdateAdministratorDocument,
} from '../../generated/graphql.ts';
import { Button } from '../../ui/button.tsx';
import { CancelButton, Dialog } from '../../ui/dialog.tsx';
import { TextField } from '../../ui/field.tsx';
import { useForm } from '../../ui/form.ts';
import { FailureNotice } from '../../ui/notice.tsx';
import { SelectField } from '../../ui/select.tsx';
import { say } from '../../ui/toasts.tsx';
import { useWords } from '../../words/words.ts';

interface DialogProps {
  readonly onClose: () => void;
  readonly onDone: () => void;
}

const ROLES = ['ADMINISTRATOR', 'READ_ONLY'] as const satisfies readonly AdminRole[];

export function CreateAdministrator({ onClose, onDone }: DialogProps): ReactNode {
  const { administrators, common } = useWords();
  const form = useForm(
    'new',
    { email: '', name: '', role: 'READ_ONLY' as AdminRole, way: 'mail' as 'mail' | 'password', password: '' },
    async ({ email, name, role, way, password }) => {
      const data = { email, role, ...(name && { name }), ...(way === 'password' && { password }) };
      await act(CreateAdministratorDocument, { data });
      say(way === 'mail' ? administrators.invited(email) : administrators.administratorCreated(email));
    },
  );
  const { values, set, fault } = form;
  const save = async () => {
    if (!(await form.save())) return;
    onClose();
    onDone();
  };
  return (
    <Dialog
      open
      onClose={onClose}
      dirty={form.dirty}
      title={administrators.create}
      onSubmit={() => void save()}
      foot={
        <>
          <CancelButton />
          <Button type="submit" look="primary" busy={form.busy}>
            {common.create}
          </Button>
        </>
      }
    >
      <TextField
        label={administrators.email}
        type="email"
        required
        autoComplete="off"
        value={values.email}
        onChange={(email) => set({ email })}
        fault={fault('email')}
      />
      <TextField
        label={administrators.name}
        autoComplete="off"
        value={values.name}
        onChange={(name) => set({ name })}
        fault={fault('name')}
      />
      <RoleField value={values.role} onChange={(role) => set({ role })} fault={fault('role')} />
      <SelectField
        label={administrators.password}
        options={[
          { value: 'mail', label: administrators.byMail },
          { value: 'password', label: administrators.byPassword },
        ]}
        value={values.way}
        onChange={(way) => set({ way })}
      />
      {values.way === 'password' && (
        <TextField
          label={administrators.newPassword}
          hint={administrators.passwordHint}
          type="password"
          required
          autoComplete="new-password"
          value={values.password}
          onChange={(password) => set({ password })}
          fault={fault('password')}
        />
      )}
      <FailureNotice failure={form.failure} shownAtFields={['email', 'name', 'role', 'password']} />
    </Dialog>
  );
}

export function EditAdministrator({
  admin,
  isLast,
  onClose,
  onDone,
}: DialogProps & { readonly admin: MeFragment; readonly isLast: boolean }): ReactNode {
  const { administrators, common } = useWords();
  const me = useMe();
  const { documentId, email, name, role } = admin;
  const form = useForm(documentId, { email, name, role }, async (values) => {
    const data = {
      ...(values.email !== email && { email: values.email }),
      ...(values.name !== name && { name: values.name }),
      ...(values.role !== role && { role: values.role }),
    };
    const { updateAdmin } = await act(UpdateAdministratorDocument, { admin: documentId, data });
    if (updateAdmin && documentId === me.documentId) session.rename(updateAdmin);
    say(common.saved);
  });
  const { values, set, fault } = form;
  const save = async () => {
    if (form.dirty && !(await form.save())) return;
    onClose();
    onDone();
  };
  return (
    <Dialog
      open
      onClose={onClose}
      dirty={form.dirty}
      title={email}
      onSubmit={() => void save()}
      foot={
        <>
          <CancelButton />
          <Button type="submit" look="primary" busy={form.busy}>
            {common.save}
          </Button>
        </>
      }
    >
      <TextField
        label={administrators.email}
        type="email"
        required
        autoComplete="off"
        value={values.email}
        onChange={(next) => set({ email: next })}
        fault={fault('email')}
      />
      <TextField
        label={administrators.name}
        autoComplete="off"
        value={values.name}
        onChange={(next) => set({ name: next })}
        fault={fault('name')}
      />
      <RoleField
        value={values.role}
        onChange={(next) => set({ role: next })}
        fault={fault('role')}
        disabled={isLast ? administrators.last : undefined}
      />
      <FailureNotice failure={form.failure} shownAtFields={['email', 'name', 'role']} />
    </Dialog>
  );
}

function RoleField({
  value,
  onChange,
  fault,
  disabled,
}: {
  readonly value: AdminRole;
  readonly onChange: (role: AdminRole) => void;
  readonly fault: string | undefined;
  /** Why it cannot be changed. */
  readonly disabled?: string | undefined;
}): ReactNode {
  const { administrators } = useWords();
  return (
    <SelectField
      label={administrators.role}
      hint={disabled ?? administrators.rolesAbout[value]}
      options={ROLES.map((role) => ({ value: role, label: administrators.roles[role] }))}
      value={value}
      onChange={onChange}
      disabled={disabled !== undefined}
      fault={fault}
    />
  );
}
