import { type ReactNode, useEffect } from 'react';
import { act, useMayChange } from '../../api/hooks.ts';
import { AlsoOpen } from '../../app/also-open.tsx';
import { UpdateUserDocument, type UpdateUserInput, type UserLineFragment } from '../../generated/graphql.ts';
import { Button } from '../../ui/button.tsx';
import { CopyButton } from '../../ui/copy.tsx';
import { TextField } from '../../ui/field.tsx';
import { useForm } from '../../ui/form.ts';
import { FailureNotice, Notice } from '../../ui/notice.tsx';
import { Section } from '../../ui/page.tsx';
import { useShortcut } from '../../ui/shortcut.ts';
import { Time, zoneName } from '../../ui/time.tsx';
import { say } from '../../ui/toasts.tsx';
import { useWords } from '../../words/words.ts';
import { pickOf } from './find-roles.ts';
import { OwnFields } from './own-fields.tsx';
import { RoleFields, type Roles, rolesInput } from './role-fields.tsx';
import { ConfirmEmailButton } from './user-acts.tsx';

interface Values extends Roles {
  readonly username: string;
  readonly email: string;
}

const FIELDS = ['username', 'email', 'role', 'roles'];

/** Who the user is, and what of it can be changed. */
export function Overview({
  user,
  onSaved,
}: {
  readonly user: UserLineFragment;
  readonly onSaved: () => void;
}): ReactNode {
  const { users, common } = useWords();
  const mayChange = useMayChange();
  const stored = valuesOf(user);
  const form = useForm(user.documentId, stored, async (values) => {
    const data = changesOf(stored, values);
    if (Object.keys(data).length > 0) await act(UpdateUserDocument, { user: user.documentId, data });
    say(common.saved);
    onSaved();
  });
  const { values, dirty, reset, set, fault } = form;
  const latest = JSON.stringify(stored);
  // Somebody else may have changed the user: an untouched form shows it, and a touched one keeps what was typed.
  // biome-ignore lint/correctness/useExhaustiveDependencies: `latest` is `stored` as text
  useEffect(() => {
    if (!dirty) reset(stored);
  }, [latest, dirty, reset]);
  useShortcut('mod+s', () => void form.save(), mayChange && dirty);
  const needsMain = values.main === null && stored.main !== null;
  return (
    <>
      <AlsoOpen form={`/users/${user.documentId}`} changed={dirty} />
      <Section title={users.facts} about={common.zone(zoneName())}>
        <dl className="facts">
          <dt>{users.id}</dt>
          <dd className="row">
            <code className="breaks">{user.documentId}</code>
            <CopyButton text={user.documentId} />
          </dd>
          <dt>{users.emailState}</dt>
          <dd className="row">
            {user.confirmed ? users.isConfirmed : users.isNotConfirmed}
            {!user.confirmed && mayChange && <ConfirmEmailButton user={user} />}
          </dd>
          <dt>{users.provider}</dt>
          <dd>{user.provider}</dd>
          <dt>{users.created}</dt>
          <dd>
            <Time at={user.createdAt} relative={false} />
          </dd>
          <dt>{users.changed}</dt>
          <dd>
            <Time at={user.updatedAt} relative={false} />
          </dd>
        </dl>
        {user.usernameDisputed && <Notice kind="warn">{users.disputedAbout}</Notice>}
      </Section>
      <Section title={users.account}>
        <form
          className="stack user-form"
          noValidate
          onSubmit={(event) => {
            event.preventDefault();
            if (!needsMain) void form.save();
          }}
        >
          <TextField
            label={users.username}
            required
            readOnly={!mayChange}
            value={values.username}
            onChange={(username) => set({ username })}
            fault={fault('username')}
            autoComplete="off"
          />
          <TextField
            label={users.email}
            hint={mayChange ? users.emailHint : undefined}
            type="email"
            required
            readOnly={!mayChange}
            value={values.email}
            onChange={(email) => set({ email })}
            fault={fault('email')}
            autoComplete="off"
          />
          <RoleFields
            value={values}
            onChange={set}
            disabled={!mayChange}
            fault={(field) => (field === 'role' && needsMain ? users.needsMain : fault(field))}
          />
          <FailureNotice failure={form.failure} shownAtFields={FIELDS} />
          {mayChange && (
            <div className="row">
              <Button type="submit" look="primary" busy={form.busy} disabled={!dirty || needsMain}>
                {common.save}
              </Button>
              {dirty && <Button onClick={() => reset(stored)}>{common.discard}</Button>}
              {dirty && <span className="soft small">{common.unsaved}</span>}
            </div>
          )}
        </form>
      </Section>
      <OwnFields user={user} onSaved={onSaved} />
    </>
  );
}

function valuesOf({ username, email, role, roles }: UserLineFragment): Values {
  return {
    username,
    email,
    main: role ? pickOf(role) : null,
    further: (roles ?? []).filter(({ documentId }) => documentId !== role?.documentId).map(pickOf),
  };
}

/** Only what was changed: what somebody else changed meanwhile stays. */
function changesOf(stored: Values, values: Values): UpdateUserInput {
  const idsOf = (roles: Roles) => JSON.stringify(rolesInput(roles));
  return {
    ...(values.username !== stored.username && { username: values.username }),
    ...(values.email !== stored.email && { email: values.email }),
    ...(idsOf(values) !== idsOf(stored) && rolesInput(values)),
  };
}
