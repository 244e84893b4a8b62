import { type ReactNode, useCallback, useMemo, useState } from 'react';
import type { EditedRoleFragment } from '../../generated/graphql.ts';
import { useAddress } from '../../ui/address.ts';
import { Button } from '../../ui/button.tsx';
import { Empty, FailureNotice, Loading, Notice } from '../../ui/notice.tsx';
import { SearchBox } from '../../ui/search-box.tsx';
import { useWords } from '../../words/words.ts';
import { heldWith } from './changes.ts';
import { CopyToRoles } from './copy-to-roles.tsx';
import type { Editing } from './editing.ts';
import { holdersOf, includedIn, inheritedBy } from './holders.ts';
import { inWordsOf } from './in-words.ts';
import { Matrix } from './matrix.tsx';
import { searchRows } from './matrix-rows.ts';
import { Problems } from './problems.tsx';
import { useReturnedFocus } from './returned-focus.ts';
import { useDirectory, useMatrixRows } from './use-directory.ts';
import type { RoleDraft } from './use-role-draft.ts';

/** With more types than this, the other actions of a type are hidden at first. */
const MANY = 30;

/** What a role is allowed, as a matrix. */
export function RolePermissions({
  role,
  draft,
}: {
  readonly role: EditedRoleFragment;
  readonly draft: RoleDraft;
}): ReactNode {
  const { roles } = useWords();
  const here = `/roles/${role.documentId}`;
  const { documentId, name } = role;
  return (
    <div className="stack">
      {role.type === 'public' && <Notice>{roles.publicAbout}</Notice>}
      <Problems problems={role.problems} here={here} />
      <MatrixPart
        editing={draft}
        here={here}
        of={role.documentId}
        includes={role.includes.map(({ documentId }) => documentId)}
        saved={role.grants}
        aside={
          draft.mayChange && (
            <CopyToRoles
              source={{ documentId, name, held: draft.base, actions: undefined }}
              hint={role.includes.length > 0 ? roles.copyIncluded : undefined}
              isUnsaved={draft.count > 0}
            />
          )
        }
      />
    </div>
  );
}

/** The matrix of a role or a token, with its search. */
export function MatrixPart({
  editing,
  here,
  of,
  includes = [],
  saved,
  aside,
}: {
  readonly editing: Editing;
  /** The address below which each action has its editor. */
  readonly here: string;
  /** Whose it is: the others are told for each action. */
  readonly of: string;
  readonly includes?: readonly string[];
  /** The rules as they are on the server, in words. */
  readonly saved: readonly { readonly action: string; readonly inWords: string }[];
  /** Beside the search. */
  readonly aside?: ReactNode;
}): ReactNode {
  const { roles, common } = useWords();
  const address = useAddress();
  const search = address.get('search');
  const { rows, failure } = useMatrixRows();
  const { directory, failure: directoryFailure } = useDirectory();
  const [toggled, setToggled] = useState<ReadonlySet<string>>(new Set());
  const [isFoldedAtFirst, setFoldedAtFirst] = useState<boolean>();
  useReturnedFocus(here, rows !== undefined);
  const which = includes.join(' ');
  const inherited = useMemo(
    () => inheritedBy(directory && which ? includedIn(directory.roles, which.split(' ')) : []),
    [directory, which],
  );
  const { base, draft } = editing;
  const inWords = useCallback(
    (action: string) => inWordsOf(action, heldWith(base, draft, action), saved, draft.has(action)),
    [base, draft, saved],
  );
  const found = useMemo(() => (rows ? searchRows(rows, search) : []), [rows, search]);
  const isFolded = isFoldedAtFirst ?? (rows?.length ?? 0) > MANY;
  const folded = useMemo(
    () => new Set(found.flatMap(({ type }) => (search === '' && isFolded !== toggled.has(type) ? [type] : []))),
    [found, search, isFolded, toggled],
  );
  return (
    <div className="stack">
      {!editing.mayChange && <p className="soft">{common.readOnly}</p>}
      <div className="toolbar">
        <SearchBox label={roles.searchActions} value={search} onChange={(text) => address.set({ search: text })} />
        <Button
          small
          onClick={() => {
            setToggled(new Set());
            setFoldedAtFirst(!isFolded);
          }}
        >
          {isFolded ? roles.unfoldAll : roles.foldAll}
        </Button>
        {aside}
      </div>
      <FailureNotice failure={failure ?? directoryFailure} />
      {!rows && !failure && <Loading lines={10} />}
      {rows && found.length === 0 && (
        <Empty
          title={common.nothingFound}
          action={<Button onClick={() => address.set({ search: '' })}>{common.clear}</Button>}
        />
      )}
      {found.length > 0 && (
        <Matrix
          rows={found}
          editing={editing}
          here={here}
          inherited={inherited}
          holders={({ action, writes }) => directory && holdersOf(directory, action, writes, of)}
          inWords={inWords}
          folded={folded}
          onFold={(type) =>
            setToggled((before) => {
              const next = new Set(before);
              if (!next.delete(type)) next.add(type);
              return next;
            })
          }
        />
      )}
    </div>
  );
}
