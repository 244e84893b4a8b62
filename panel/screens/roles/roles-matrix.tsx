import { memo, type ReactNode, useMemo } from 'react';
import { BASE } from '../../api/base.ts';
import { listAsLeft, useAddress } from '../../ui/address.ts';
import { Button } from '../../ui/button.tsx';
import { goTo } from '../../ui/leave-guard.ts';
import { Empty, FailureNotice, Loading } from '../../ui/notice.tsx';
import { Page } from '../../ui/page.tsx';
import { MultiPickerField } from '../../ui/picker.tsx';
import { SearchBox } from '../../ui/search-box.tsx';
import { useWords, type Words } from '../../words/words.ts';
import { Chunks } from './chunks.tsx';
import { heldIn } from './held.ts';
import { type HoldingRole, includedIn } from './holders.ts';
import { actionsIn, type MatrixAction, searchRows } from './matrix-rows.ts';
import { useDirectory, useMatrixRows } from './use-directory.ts';

/** Actions × all roles. Each cell leads to the editor of the action in that role. */
export default function RolesMatrix(): ReactNode {
  const words = useWords();
  const { roles, common } = words;
  const address = useAddress();
  const [search, chosen] = [address.get('search'), address.get('roles')];
  const { rows, failure } = useMatrixRows();
  const { directory, failure: directoryFailure } = useDirectory();
  const actions = useMemo(() => (rows ? actionsIn(searchRows(rows, search)) : []), [rows, search]);
  const wanted = useMemo(() => new Set(chosen.split(',').filter(Boolean)), [chosen]);
  const shown = useMemo(
    () => (directory?.roles ?? []).filter(({ documentId }) => wanted.size === 0 || wanted.has(documentId)),
    [directory, wanted],
  );
  const included = useMemo(
    () =>
      new Map(
        shown.map(({ documentId, includes }) => {
          const others = includedIn(
            directory?.roles ?? [],
            includes.map((one) => one.documentId),
          );
          return [documentId, new Set(others.flatMap(({ own }) => [...own.keys()]))];
        }),
      ),
    [shown, directory],
  );
  const all = directory?.roles ?? [];
  const isThere = rows !== undefined && directory !== undefined;
  return (
    <Page
      title={roles.overviewTitle}
      parent={{ title: roles.title, to: listAsLeft('/roles') }}
      about={roles.overviewAbout}
    >
      <div className="stack">
        <div className="toolbar">
          <SearchBox label={roles.searchActions} value={search} onChange={(text) => address.set({ search: text })} />
          <span className="soft small" role="status">
            {isThere && roles.overviewCount(actions.length, shown.length)}
          </span>
        </div>
        <MultiPickerField
          label={roles.overviewRoles}
          hint={roles.overviewHint}
          value={all
            .filter(({ documentId }) => wanted.has(documentId))
            .map(({ documentId, name }) => ({ id: documentId, label: name }))}
          onChange={(next) => address.set({ roles: next.map(({ id }) => id).join(',') })}
          find={async (text) => ({
            found: all
              .filter(({ name, type }) => `${name} ${type}`.toLowerCase().includes(text.trim().toLowerCase()))
              .map(({ documentId, name, type }) => ({ id: documentId, label: name, hint: type })),
            more: false,
          })}
        />
        <p className="hint">{roles.legend}</p>
        <FailureNotice failure={failure ?? directoryFailure} />
        {!isThere && !failure && !directoryFailure && <Loading lines={10} />}
        {isThere && actions.length === 0 && (
          <Empty
            title={common.nothingFound}
            action={<Button onClick={() => address.set({ search: '' })}>{common.clear}</Button>}
          />
        )}
        {isThere && actions.length > 0 && (
          // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls takes the focus, for the arrow keys
          <section className="matrix-frame" aria-label={roles.overviewTitle} tabIndex={0}>
            {/* biome-ignore lint/a11y/useKeyWithClickEvents: it is the links in it that are pressed, by keyboard too */}
            <table
              className="matrix roles-matrix"
              // Its columns have their widths: rows that come into sight change none.
              style={{ width: `max(100%, ${16 + shown.length * 7}rem)` }}
              aria-rowcount={actions.length + 1}
              onClick={follow}
            >
              <thead>
                <tr>
                  <th scope="col" className="matrix-name">
                    {roles.action}
                  </th>
                  {shown.map(({ documentId, name }) => (
                    <th key={documentId} scope="col">
                      <a href={`${BASE}/roles/${documentId}`}>{name}</a>
                    </th>
                  ))}
                </tr>
              </thead>
              <Chunks items={actions} size={8} columns={shown.length + 1} heightOf={() => 41}>
                {(action) => (
                  <ActionRow key={action.action} action={action} roles={shown} included={included} words={words} />
                )}
              </Chunks>
            </table>
          </section>
        )}
      </div>
    </Page>
  );
}

/** Thousands of links share this one: each by itself would cost its own listeners. */
function follow(event: React.MouseEvent): void {
  const link = event.target instanceof Element ? event.target.closest('a') : null;
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
  event.preventDefault();
  goTo(new URL(link.href).pathname.slice(BASE.length));
}

const ActionRow = memo(
  ({
    action: { action, label },
    roles: shown,
    included,
    words: { roles },
  }: {
    readonly action: MatrixAction;
    readonly roles: readonly HoldingRole[];
    readonly included: ReadonlyMap<string, ReadonlySet<string>>;
    readonly words: Words;
  }): ReactNode => (
    <tr>
      <th scope="row" className="matrix-name">
        <span className="clip">
          <code>{action}</code>
        </span>
        <span className="visually-hidden">{label}</span>
      </th>
      {shown.map(({ documentId, name, own }) => {
        const held = heldIn(own, action);
        const isIncluded = included.get(documentId)?.has(action) ?? false;
        const kind = held === 'all' ? 'all' : held !== 'none' ? 'rules' : isIncluded ? 'included' : 'none';
        const text = {
          all: roles.held.all,
          rules: roles.byRules,
          included: roles.included,
          none: roles.held.none,
        }[kind];
        return (
          <td key={documentId}>
            <a
              className={`roles-cell ${kind}`}
              href={`${BASE}/roles/${documentId}/${action}`}
              aria-label={roles.cellOf(name, action, text)}
            >
              {text}
            </a>
          </td>
        );
      })}
    </tr>
  ),
);
