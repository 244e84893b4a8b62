import { type ReactNode, useMemo, useState } from 'react';
import { Link } from 'wouter';
import type { EditedRoleFragment } from '../../generated/graphql.ts';
import { useAddress } from '../../ui/address.ts';
import { Button } from '../../ui/button.tsx';
import { Empty, FailureNotice, Loading, Notice } from '../../ui/notice.tsx';
import { SearchBox } from '../../ui/search-box.tsx';
import { useWords } from '../../words/words.ts';
import { holdersOf, includedIn, inheritedOf } from './holders.ts';
import { inWordsOf } from './in-words.ts';
import { Matrix } from './matrix.tsx';
import { searchRows } from './matrix-rows.ts';
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
  const words = useWords();
  const { roles, common } = words;
  const address = useAddress();
  const search = address.get('search');
  const { rows, failure } = useMatrixRows();
  const { directory, failure: directoryFailure } = useDirectory();
  const [toggled, setToggled] = useState<ReadonlySet<string>>(new Set());
  const [isFoldedAtFirst, setFoldedAtFirst] = useState<boolean>();
  const here = `/roles/${role.documentId}`;
  useReturnedFocus(here, rows !== undefined);
  const included = useMemo(
    () =>
      directory
        ? includedIn(
            directory.roles,
            role.includes.map(({ documentId }) => documentId),
          )
        : [],
    [directory, role.includes],
  );
  const found = useMemo(() => (rows ? searchRows(rows, search) : []), [rows, search]);
  const isFolded = isFoldedAtFirst ?? (rows?.length ?? 0) > MANY;
  const folded = useMemo(
    () => new Set(found.flatMap(({ type }) => (search === '' && isFolded !== toggled.has(type) ? [type] : []))),
    [found, search, isFolded, toggled],
  );
  return (
    <div className="stack">
      {!draft.mayChange && <p className="soft">{common.readOnly}</p>}
      {role.type === 'public' && <Notice>{roles.publicAbout}</Notice>}
      <Problems role={role} />
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
          editing={draft}
          here={here}
          inherited={(action) => inheritedOf(included, action)}
          holders={({ action, writes }) => directory && holdersOf(directory, action, writes, role.documentId)}
          inWords={(action) => inWordsOf(action, draft.held(action), role.grants, draft.draft.has(action))}
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

/** Grants that can no longer be read: each with the way to mend it. */
function Problems({ role }: { readonly role: EditedRoleFragment }): ReactNode {
  const { roles } = useWords();
  if (role.problems.length === 0) return null;
  return (
    <Notice kind="bad">
      <p>{roles.problemsAbout(role.problems.length)}</p>
      <ul className="stack tight">
        {role.problems.map((problem) => {
          // `post.find.0.where.premium: …`
          const action = problem.split('.', 2).join('.');
          const message = problem.slice(problem.indexOf(': ') + 2);
          return (
            <li key={problem}>
              <Link to={`/roles/${role.documentId}/${action}`}>{action}</Link>: {message}
            </li>
          );
        })}
      </ul>
    </Notice>
  );
}
