import { type ReactNode, useEffect, useState } from 'react';
import { useData } from '../../api/hooks.ts';
import { AlsoOpen } from '../../app/also-open.tsx';
import { NotFound } from '../../app/not-found.tsx';
import { usePreferences } from '../../app/preferences.tsx';
import { type EditedRoleFragment, RoleDocument } from '../../generated/graphql.ts';
import { listAsLeft } from '../../ui/address.ts';
import { Badge, FailureNotice, Loading } from '../../ui/notice.tsx';
import { Page, TabLinks } from '../../ui/page.tsx';
import { useWords } from '../../words/words.ts';
import { GrantEditor } from './grant-editor.tsx';
import { RolePermissions } from './role-permissions.tsx';
import { RoleSettings } from './role-settings.tsx';
import { RoleUsers } from './role-users.tsx';
import { SaveBar } from './save-bar.tsx';
import { useRoleDraft } from './use-role-draft.ts';

/** One role. Its parts share what is changed and not saved: the matrix, and the editor of each action. */
export default function Role({ role: id, part }: { readonly role: string; readonly part?: string }): ReactNode {
  const { data, failure, reload } = useData(RoleDocument, { role: id });
  const words = useWords();
  const role = data?.role;
  if (role) return <Known key={id} role={role} part={part} reload={reload} />;
  if (data) return <NotFound />;
  return (
    <Page title={words.roles.role} parent={{ title: words.roles.title, to: listAsLeft('/roles') }}>
      <FailureNotice failure={failure} />
      {!failure && <Loading />}
    </Page>
  );
}

function Known({
  role,
  part,
  reload,
}: {
  readonly role: EditedRoleFragment;
  readonly part: string | undefined;
  readonly reload: () => void;
}): ReactNode {
  const { roles } = useWords();
  const { visited } = usePreferences();
  const draft = useRoleDraft(role, reload);
  const [areSettingsDirty, setSettingsDirty] = useState(false);
  const here = `/roles/${role.documentId}`;
  useEffect(() => visited({ title: role.name, to: here, kind: 'role' }), [visited, role.name, here]);
  const isAction = part?.includes('.') ?? false;
  if (part !== undefined && !isAction && part !== 'users' && part !== 'settings') return <NotFound />;
  return (
    <Page
      title={role.name}
      parent={{ title: roles.title, to: listAsLeft('/roles') }}
      badge={
        <>
          <code>{role.type}</code>
          {role.isDefault && <Badge kind="accent">{roles.default}</Badge>}
        </>
      }
      about={role.description ?? undefined}
    >
      <AlsoOpen form={here} changed={draft.count > 0 || areSettingsDirty} />
      <TabLinks
        label={roles.role}
        tabs={[
          {
            title: draft.count > 0 ? roles.permissionsChanged(draft.count) : roles.permissions,
            to: here,
            isCurrent: part === undefined || isAction,
          },
          { title: role.type === 'public' ? roles.users : roles.usersCount(role.userCount), to: `${here}/users` },
          { title: roles.settings, to: `${here}/settings` },
        ]}
      />
      {part === undefined && <RolePermissions role={role} draft={draft} />}
      {part !== undefined && isAction && (
        <GrantEditor
          key={part}
          action={part}
          holder={{ kind: role.type === 'public' ? 'public' : 'role', documentId: role.documentId, name: role.name }}
          previewRole={role.documentId}
          editing={draft}
          back={here}
        />
      )}
      {part === 'users' && <RoleUsers role={role} />}
      {part === 'settings' && <RoleSettings role={role} onDirty={setSettingsDirty} />}
      <SaveBar draft={draft} here={here} />
    </Page>
  );
}
