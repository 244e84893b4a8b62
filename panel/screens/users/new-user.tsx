import type { ReactNode } from 'react';
import { act, useMayChange } from '../../api/hooks.ts';
import { CreateUserDocument } from '../../generated/graphql.ts';
import { listAsLeft } from '../../ui/address.ts';
import { Button } from '../../ui/button.tsx';
import { Switch, TextField } from '../../ui/field.tsx';
import { useForm } from '../../ui/form.ts';
import { goTo } from '../../ui/leave-guard.ts';
import { FailureNotice } from '../../ui/notice.tsx';
import { Page } from '../../ui/page.tsx';
import { SelectField } from '../../ui/select.tsx';
import { useShortcut } from '../../ui/shortcut.ts';
import { say } from '../../ui/toasts.tsx';
import { useWords } from '../../words/words.ts';
import { checkedInput } from '../content/checked-input.ts';
import { FieldControl } from '../content/field-control.tsx';
import type { Values as OwnValues } from '../content/values.ts';
import { useUserFields } from './own-fields.tsx';
import { RoleFields, type Roles, rolesInput } from './role-fields.tsx';

interface Values extends Roles {
  readonly username: string;
  readonly email: string;
  readonly way: 'mail' | 'password';
  readonly password: string;
  readonly confirmed: boolean;
  /** What stands in the fields that are the application's own. */
  readonly own: OwnValues;
}

const NEW: Values = {
  username: '',
  email: '',
  way: 'mail',
  password: '',
  confirmed: true,
  own: {},
  main: null,
  further: [],
};
const FIELDS = ['username', 'email', 'password', 'role', 'roles'];

export default function NewUser(): ReactNode {
  const words = useWords();
  const { users, common } = words;
  const fields = useUserFields().filter(({ writable }) => writable);
  const mayChange = useMayChange();
  const form = useForm('new', NEW, async ({ username, email, way, password, confirmed, own, ...roles }) => {
    const details = checkedInput(words, fields, own, { initial: {}, isNew: true });
    const { createUser } = await act(CreateUserDocument, {
      data: { ...details, username, email, confirmed, ...(way === 'password' && { password }), ...rolesInput(roles) },
    });
    say(way === 'mail' ? users.invited(email) : users.userCreated(username));
    if (createUser) goTo(`/users/${createUser.documentId}`);
  });
  const { values, set, fault } = form;
  useShortcut('mod+s', () => void form.save(), mayChange);
  return (
    <Page title={users.create} parent={{ title: users.title, to: listAsLeft('/users') }}>
      {!mayChange ? (
        <p>{common.readOnly}</p>
      ) : (
        <form
          className="card stack user-form"
          noValidate
          onSubmit={(event) => {
            event.preventDefault();
            void form.save();
          }}
        >
          <TextField
            label={users.username}
            required
            autoComplete="off"
            value={values.username}
            onChange={(username) => set({ username })}
            fault={fault('username')}
          />
          <TextField
            label={users.email}
            type="email"
            required
            autoComplete="off"
            value={values.email}
            onChange={(email) => set({ email })}
            fault={fault('email')}
          />
          <RoleFields value={values} onChange={set} hint={users.defaultRoleHint} fault={fault} />
          <SelectField
            label={users.password}
            options={[
              { value: 'mail', label: users.byMail },
              { value: 'password', label: users.byPassword },
            ]}
            value={values.way}
            onChange={(way) => set({ way })}
          />
          {values.way === 'password' && (
            <TextField
              label={users.newPassword}
              hint={users.passwordHint}
              type="password"
              required
              autoComplete="new-password"
              value={values.password}
              onChange={(password) => set({ password })}
              fault={fault('password')}
            />
          )}
          <Switch
            label={users.isConfirmed}
            hint={users.confirmedHint}
            checked={values.confirmed}
            onChange={(confirmed) => set({ confirmed })}
          />
          {fields.map((field) => (
            <FieldControl
              key={field.name}
              field={field}
              types={[]}
              value={values.own[field.name] ?? null}
              onChange={(value) => set({ own: { ...values.own, [field.name]: value } })}
              fault={fault(field.name)}
              isNew
            />
          ))}
          <FailureNotice failure={form.failure} shownAtFields={[...FIELDS, ...fields.map(({ name }) => name)]} />
          <div className="row">
            <Button type="submit" look="primary" busy={form.busy}>
              {users.create}
            </Button>
            <Button onClick={() => goTo(listAsLeft('/users'))}>{common.cancel}</Button>
          </div>
        </form>
      )}
    </Page>
  );
}
