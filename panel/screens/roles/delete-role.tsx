import { type ReactNode, useState } from 'react';
import { Link } from 'wouter';
import { act, useData } from '../../api/hooks.ts';
import { DefaultRoleDocument, DeleteRoleDocument, RoleDocument } from '../../generated/graphql.ts';
import { Button } from '../../ui/button.tsx';
import { ConfirmDialog, Dialog } from '../../ui/dialog.tsx';
import { FailureNotice, Loading } from '../../ui/notice.tsx';
import { type Pick, PickerField } from '../../ui/picker.tsx';
import { say } from '../../ui/toasts.tsx';
import { useWords, type Words } from '../../words/words.ts';
import { findRoles } from './pick-roles.ts';

interface Deletable {
  readonly documentId: string;
  readonly name: string;
  readonly type: string;
  readonly isDefault: boolean;
  readonly userCount: number;
}

/** Why a role cannot be deleted at all. */
export function whyNotDeleted({ type, isDefault }: Omit<Deletable, 'userCount'>, { roles }: Words): string | undefined {
  if (type === 'public' || type === 'authenticated') return roles.fixed;
  return isDefault ? roles.deleteDefault : undefined;
}

/** Says what hangs on the role, and where its users go. */
export function DeleteRole({
  role,
  onClose,
  onDeleted,
}: {
  readonly role: Deletable;
  readonly onClose: () => void;
  readonly onDeleted: () => void;
}): ReactNode {
  const { roles, common } = useWords();
  const { data, failure } = useData(RoleDocument, { role: role.documentId });
  const fallback = useData(DefaultRoleDocument, {});
  const [chosen, setChosen] = useState<Pick>();
  const standard = fallback.data?.settings?.defaultRole;
  const to = chosen ?? (standard && { id: standard.documentId, label: standard.name });
  const includedBy = data?.role?.includedBy ?? [];
  const title = roles.deleteTitle(role.name);
  if (!data || !to || includedBy.length > 0) {
    return (
      <Dialog open onClose={onClose} title={title} foot={<Button onClick={onClose}>{common.close}</Button>}>
        <FailureNotice failure={failure ?? fallback.failure} />
        {!data && !failure && <Loading lines={2} />}
        {includedBy.length > 0 && (
          <>
            <p>{roles.deleteIncluded}</p>
            <ul>
              {includedBy.map(({ documentId, name }) => (
                <li key={documentId}>
                  <Link to={`/roles/${documentId}/settings`}>{name}</Link>
                </li>
              ))}
            </ul>
          </>
        )}
      </Dialog>
    );
  }
  return (
    <ConfirmDialog
      open
      onClose={onClose}
      title={title}
      confirm={roles.delete}
      type={role.name}
      act={async () => {
        const { deleteRole } = await act(DeleteRoleDocument, { role: role.documentId, moveUsersTo: to.id });
        say(roles.deleted(role.name, deleteRole?.movedUsers ?? 0, deleteRole?.movedTo?.name));
        onDeleted();
      }}
    >
      <p>{roles.deleteAbout(role.userCount, data.role?.permissions.length ?? 0)}</p>
      {role.userCount > 0 && (
        <PickerField
          label={roles.moveTo}
          hint={roles.moveToHint}
          required
          find={findRoles(role.documentId)}
          value={to}
          onChange={(value) => setChosen(value ?? undefined)}
        />
      )}
    </ConfirmDialog>
  );
}
