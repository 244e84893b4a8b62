import { type ReactNode, useState } from 'react';
import { act, useData, useMayChange } from '../../api/hooks.ts';
import {
  InvitationsDocument,
  type InvitationsQuery,
  InviteUserDocument,
  RevokeInvitationDocument,
} from '../../generated/graphql.ts';
import { listAsLeft } from '../../ui/address.ts';
import { Button } from '../../ui/button.tsx';
import { ConfirmDialog } from '../../ui/dialog.tsx';
import { TextField } from '../../ui/field.tsx';
import { useForm } from '../../ui/form.ts';
import { Empty, FailureNotice, Loading } from '../../ui/notice.tsx';
import { Page, Section } from '../../ui/page.tsx';
import { type Pick, PickerField } from '../../ui/picker.tsx';
import { SelectField } from '../../ui/select.tsx';
import { Table } from '../../ui/table.tsx';
import { Time, zoneName } from '../../ui/time.tsx';
import { say } from '../../ui/toasts.tsx';
import { useWords } from '../../words/words.ts';
import { findRoles } from './find-roles.ts';

type Invitation = NonNullable<InvitationsQuery['invitations']>[number];

const DAY = 86_400;
const LIFESPANS = [1, 7, 30] as const;

interface Values {
  readonly email: string;
  readonly role: Pick | null;
  readonly days: (typeof LIFESPANS)[number];
}

const NEW: Values = { email: '', role: null, days: 7 };

/** Invites somebody, and shows who has not answered yet. */
export default function Invitations(): ReactNode {
  const { users, common } = useWords();
  const mayChange = useMayChange();
  const { data, failure, reload } = useData(InvitationsDocument, {});
  const [revoked, setRevoked] = useState<Invitation>();
  const form = useForm('invitation', NEW, async ({ email, role, days }) => {
    await act(InviteUserDocument, { email, role: role?.id ?? null, expiresIn: days * DAY });
    say(users.invitationSent(email));
    reload();
  });
  const { values, set, fault } = form;
  const send = async () => {
    if (await form.save()) form.reset(NEW);
  };
  const invitations = data?.invitations ?? undefined;
  return (
    <Page title={users.invitations} parent={{ title: users.title, to: listAsLeft('/users') }}>
      {mayChange && (
        <form
          className="card stack user-form"
          noValidate
          onSubmit={(event) => {
            event.preventDefault();
            void send();
          }}
        >
          <p className="soft">{users.inviteAbout}</p>
          <TextField
            label={users.email}
            type="email"
            required
            autoComplete="off"
            value={values.email}
            onChange={(email) => set({ email })}
            fault={fault('email')}
          />
          <PickerField
            label={users.role}
            hint={users.defaultRoleHint}
            find={findRoles}
            value={values.role}
            onChange={(role) => set({ role })}
            fault={fault('role')}
          />
          <SelectField
            label={users.invitationEnds}
            options={LIFESPANS.map((days) => ({ value: String(days), label: users.inDays(days) }))}
            value={String(values.days)}
            onChange={(days) => set({ days: LIFESPANS.find((one) => String(one) === days) ?? 7 })}
          />
          <FailureNotice failure={form.failure} shownAtFields={['email', 'role']} />
          <div className="row">
            <Button type="submit" look="primary" icon="mail" busy={form.busy}>
              {users.invite}
            </Button>
          </div>
        </form>
      )}
      <Section title={users.waiting}>
        <FailureNotice failure={failure} />
        {!invitations && !failure && <Loading />}
        {invitations?.length === 0 && <Empty title={users.noInvitations}>{users.noInvitationsAbout}</Empty>}
        {invitations && invitations.length > 0 && (
          <>
            <Table
              label={users.waiting}
              rows={invitations}
              idOf={({ documentId }) => documentId}
              nameOf={({ email }) => email}
              columns={[
                { key: 'email', title: users.email, cell: ({ email }) => email },
                { key: 'role', title: users.role, cell: ({ role }) => role?.name },
                { key: 'invitedBy', title: users.inviter, cell: ({ invitedBy }) => invitedBy },
                { key: 'createdAt', title: users.sent, cell: ({ createdAt }) => <Time at={createdAt} /> },
                {
                  key: 'expiresAt',
                  title: users.ends,
                  cell: ({ expiresAt }) => <Time at={expiresAt} relative={false} />,
                },
              ]}
              {...(mayChange && {
                actions: (one: Invitation) => (
                  <Button small aria-label={users.revokeOf(one.email)} onClick={() => setRevoked(one)}>
                    {users.revoke}
                  </Button>
                ),
              })}
            />
            <p className="hint">{common.zone(zoneName())}</p>
          </>
        )}
      </Section>
      <ConfirmDialog
        open={revoked !== undefined}
        onClose={() => setRevoked(undefined)}
        title={users.revokeOf(revoked?.email ?? '')}
        confirm={users.revoke}
        act={async () => {
          if (!revoked) return;
          await act(RevokeInvitationDocument, { invitation: revoked.documentId });
          say(users.invitationRevoked(revoked.email));
          reload();
        }}
      >
        <p>{users.revokeAbout}</p>
      </ConfirmDialog>
    </Page>
  );
}
