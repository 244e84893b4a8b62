import type { ReactNode } from 'react';
import { MultiPickerField, type Pick, PickerField } from '../../ui/picker.tsx';
import { useWords } from '../../words/words.ts';
import { findRoles } from './find-roles.ts';

export interface Roles {
  readonly main: Pick | null;
  readonly further: readonly Pick[];
}

/** The ids as the server takes them; nothing without a main role. */
export function rolesInput({ main, further }: Roles): { role: string; roles: string[] } | Record<string, never> {
  if (!main) return {};
  return { role: main.id, roles: [...new Set([main.id, ...further.map(({ id }) => id)])] };
}

/** The main role and further ones. */
export function RoleFields({
  value,
  onChange,
  disabled = false,
  hint,
  fault,
}: {
  readonly value: Roles;
  readonly onChange: (value: Partial<Roles>) => void;
  readonly disabled?: boolean;
  readonly hint?: string;
  readonly fault: (field: string) => string | undefined;
}): ReactNode {
  const { users } = useWords();
  return (
    <>
      <PickerField
        label={users.mainRole}
        hint={hint}
        find={findRoles}
        disabled={disabled}
        value={value.main}
        onChange={(main) => onChange({ main })}
        fault={fault('role')}
      />
      <MultiPickerField
        label={users.furtherRoles}
        hint={users.furtherRolesHint}
        find={findRoles}
        disabled={disabled || !value.main}
        value={value.further}
        onChange={(further) => onChange({ further })}
        fault={fault('roles')}
      />
    </>
  );
}
