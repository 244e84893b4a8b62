import type { ReactNode } from 'react';
import { act } from '../../api/hooks.ts';
import { CreateRoleDocument } from '../../generated/graphql.ts';
import { Button } from '../../ui/button.tsx';
import { CancelButton, Dialog } from '../../ui/dialog.tsx';
import { TextAreaField, TextField } from '../../ui/field.tsx';
import { useForm } from '../../ui/form.ts';
import { goTo } from '../../ui/leave-guard.ts';
import { FailureNotice } from '../../ui/notice.tsx';
import { MultiPickerField, type Pick, PickerField } from '../../ui/picker.tsx';
import { say } from '../../ui/toasts.tsx';
import { useWords } from '../../words/words.ts';
import { findRoles } from './pick-roles.ts';

interface Values {
  readonly name: string;
  readonly type: string;
  readonly description: string;
  readonly copyOf: Pick | null;
  readonly includes: readonly Pick[];
}

/** Creates a role: empty, as a copy, or with what other roles have. */
export function CreateRole({
  open,
  copyOf,
  onClose,
}: {
  readonly open: boolean;
  readonly copyOf: { readonly documentId: string; readonly name: string } | undefined;
  readonly onClose: () => void;
}): ReactNode {
  const { roles } = useWords();
  const initial: Values = {
    name: '',
    type: '',
    description: '',
    copyOf: copyOf ? { id: copyOf.documentId, label: copyOf.name } : null,
    includes: [],
  };
  const form = useForm('new role', initial, async ({ name, type, description, copyOf: copied, includes }) => {
    const { createRole } = await act(CreateRoleDocument, {
      data: {
        name,
        ...(type && { type }),
        ...(description && { description }),
        ...(copied && { copyOf: copied.id }),
        ...(includes.length > 0 && { includes: includes.map(({ id }) => id) }),
      },
    });
    say(roles.created(name));
    if (createRole) goTo(`/roles/${createRole.documentId}`);
  });
  const { values } = form;
  const close = () => {
    form.reset(initial);
    onClose();
  };
  return (
    <Dialog
      open={open}
      onClose={close}
      title={roles.create}
      dirty={form.dirty}
      onSubmit={() => void form.save()}
      foot={
        <>
          <CancelButton />
          <Button type="submit" look="primary" busy={form.busy}>
            {roles.create}
          </Button>
        </>
      }
    >
      <TextField
        label={roles.name}
        required
        value={values.name}
        onChange={(name) => form.set({ name })}
        fault={form.fault('name')}
      />
      <TextField
        label={roles.type}
        hint={roles.typeHint}
        mono
        value={values.type}
        onChange={(type) => form.set({ type })}
        fault={form.fault('type')}
      />
      <TextAreaField
        label={roles.description}
        rows={2}
        value={values.description}
        onChange={(description) => form.set({ description })}
        fault={form.fault('description')}
      />
      <PickerField
        label={roles.copyOf}
        hint={roles.copyOfHint}
        find={findRoles()}
        value={values.copyOf}
        onChange={(copied) => form.set({ copyOf: copied })}
        fault={form.fault('copyOf')}
      />
      <MultiPickerField
        label={roles.includes}
        hint={roles.includesHint}
        find={findRoles()}
        value={values.includes}
        onChange={(includes) => form.set({ includes })}
        fault={form.fault('includes')}
      />
      <FailureNotice failure={form.failure} shownAtFields={['name', 'type', 'description', 'copyOf', 'includes']} />
    </Dialog>
  );
}
