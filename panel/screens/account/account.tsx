import { type ReactNode, useState } from 'react';
import { act, useMayChange, useMe } from '../../api/hooks.ts';
import { openedBy } from '../../api/renewal.ts';
import { session } from '../../api/session.ts';
import { usePreferences } from '../../app/preferences.tsx';
import { ChangePasswordDocument, UpdateAdministratorDocument } from '../../generated/graphql.ts';
import { Button } from '../../ui/button.tsx';
import { TextField } from '../../ui/field.tsx';
import { useForm } from '../../ui/form.ts';
import { FailureNotice } from '../../ui/notice.tsx';
import { Page, Section } from '../../ui/page.tsx';
import { SelectField } from '../../ui/select.tsx';
import { say } from '../../ui/toasts.tsx';
import { LANGUAGES, type Language, useLanguage, useWords } from '../../words/words.ts';
import { OwnPasskeys } from './own-passkeys.tsx';
import { OwnSessions } from './own-sessions.tsx';
import { SecondFactor } from './second-factor.tsx';

export default function Account(): ReactNode {
  const { account, administrators } = useWords();
  const { email, role } = useMe();
  const [changes, setChanges] = useState(0);
  return (
    <Page title={account.title} about={`${email} · ${administrators.roles[role]}`}>
      <Names />
      <Password onChanged={() => setChanges((count) => count + 1)} />
      <OwnPasskeys />
      <SecondFactor />
      {/* A new password ends the others: with another key, the list is asked for again. */}
      <OwnSessions key={changes} />
      <Appearance />
    </Page>
  );
}

function Names(): ReactNode {
  const { account, administrators, common } = useWords();
  const me = useMe();
  const mayChange = useMayChange();
  const form = useForm(me.documentId, { email: me.email, name: me.name }, async ({ email, name }) => {
    const data = { ...(email !== me.email && { email }), ...(name !== me.name && { name }) };
    const { updateAdmin } = await act(UpdateAdministratorDocument, { admin: me.documentId, data });
    if (updateAdmin) session.rename(updateAdmin);
    say(common.saved);
  });
  const { values, set, fault } = form;
  return (
    <Section title={account.names} about={mayChange ? undefined : account.namesReadOnly}>
      <form
        className="stack user-form"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          if (form.dirty) void form.save();
        }}
      >
        <TextField
          label={administrators.email}
          type="email"
          autoComplete="email"
          readOnly={!mayChange}
          value={values.email}
          onChange={(email) => set({ email })}
          fault={fault('email')}
        />
        <TextField
          label={administrators.name}
          autoComplete="name"
          readOnly={!mayChange}
          value={values.name}
          onChange={(name) => set({ name })}
          fault={fault('name')}
        />
        <FailureNotice failure={form.failure} shownAtFields={['email', 'name']} />
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
  );
}

const EMPTY = { currentPassword: '', password: '', passwordConfirmation: '' };

function Password({ onChanged }: { readonly onChanged: () => void }): ReactNode {
  const { account } = useWords();
  const { email } = useMe();
  const form = useForm('password', EMPTY, async (values) => {
    // Quiet: what is shown would be asked for with the old token, which the new password has ended.
    const { changePassword } = await act(ChangePasswordDocument, values, { quiet: true });
    if (changePassword) session.open(openedBy(changePassword));
    onChanged();
    say(account.passwordChanged);
  });
  const { values, set, fault } = form;
  const save = async () => {
    if (await form.save()) form.reset(EMPTY);
  };
  return (
    <Section title={account.password} about={account.passwordAbout}>
      <form
        className="stack user-form"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          if (form.dirty) void save();
        }}
      >
        {/* Password managers need the name that the password belongs to. */}
        <input type="text" hidden readOnly autoComplete="username" value={email} />
        <TextField
          label={account.currentPassword}
          type="password"
          autoComplete="current-password"
          value={values.currentPassword}
          onChange={(currentPassword) => set({ currentPassword })}
          fault={fault('currentPassword')}
        />
        <TextField
          label={account.newPassword}
          type="password"
          autoComplete="new-password"
          value={values.password}
          onChange={(password) => set({ password })}
          fault={fault('password')}
        />
        <TextField
          label={account.again}
          type="password"
          autoComplete="new-password"
          value={values.passwordConfirmation}
          onChange={(passwordConfirmation) => set({ passwordConfirmation })}
          fault={fault('passwordConfirmation')}
        />
        <FailureNotice failure={form.failure} shownAtFields={['currentPassword', 'password', 'passwordConfirmation']} />
        <div className="row">
          <Button type="submit" look="primary" busy={form.busy} disabled={!form.dirty}>
            {account.change}
          </Button>
        </div>
      </form>
    </Section>
  );
}

function Appearance(): ReactNode {
  const { account, shell } = useWords();
  const { theme, set } = usePreferences();
  const language = useLanguage();
  return (
    <Section title={account.appearance} about={account.appearanceAbout}>
      <div className="stack user-form">
        <SelectField
          label={shell.theme}
          options={[
            { value: 'system', label: shell.system },
            { value: 'light', label: shell.light },
            { value: 'dark', label: shell.dark },
          ]}
          value={theme}
          onChange={(next) => set({ theme: next })}
        />
        <SelectField
          label={shell.language}
          options={(Object.keys(LANGUAGES) as Language[]).map((one) => ({ value: one, label: LANGUAGES[one] }))}
          value={language}
          onChange={(next) => set({ language: next })}
        />
      </div>
    </Section>
  );
}
