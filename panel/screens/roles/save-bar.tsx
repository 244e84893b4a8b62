import { type ReactNode, useState } from 'react';
import { Link } from 'wouter';
import { useData } from '../../api/hooks.ts';
import { PreviewPermissionsDocument } from '../../generated/graphql.ts';
import { Button } from '../../ui/button.tsx';
import { Badge, FailureNotice, Notice } from '../../ui/notice.tsx';
import { useShortcut } from '../../ui/shortcut.ts';
import { useWords } from '../../words/words.ts';
import { type Change, changesOf, sentFor } from './changes.ts';
import { Conflicts } from './conflicts.tsx';
import type { RoleDraft } from './use-role-draft.ts';
import { useSettled } from './use-settled.ts';

/** What is not saved yet of a role's permissions: as a list in words, with who is affected, and the way to save or drop it. */
export function SaveBar({ draft, here }: { readonly draft: RoleDraft; readonly here: string }): ReactNode {
  if (draft.count === 0) return null;
  return draft.conflicts.length > 0 ? <Conflicts draft={draft} /> : <Bar draft={draft} here={here} />;
}

function Bar({ draft, here }: { readonly draft: RoleDraft; readonly here: string }): ReactNode {
  const { roles, common } = useWords();
  // On a phone it would hide what it is about.
  const [isOpen, setOpen] = useState(() => matchMedia('(min-width: 44rem) and (min-height: 34rem)').matches);
  const changes = changesOf(draft.base, draft.draft);
  const settled = useSettled(JSON.stringify(sentFor(draft.base, draft.draft)));
  const { data, failure } = useData(PreviewPermissionsDocument, {
    role: draft.role.documentId,
    ...(JSON.parse(settled) as ReturnType<typeof sentFor>),
  });
  const preview = data?.previewPermissions;
  useShortcut('mod+s', () => void draft.save(), draft.mayChange);
  const isPublic = preview?.lines.some((line) => line.public) ?? false;
  return (
    <section className="save-bar" aria-label={common.unsaved}>
      {isOpen && (
        <div className="save-list stack tight">
          <FailureNotice failure={failure} />
          {preview?.problems.map(({ action, path, message }) => (
            <Notice kind="bad" key={`${action} ${path} ${message}`}>
              <Link to={`${here}/${action}`}>{action}</Link>: {message}
            </Notice>
          ))}
          {isPublic && <Notice kind="warn">{roles.publicWarning}</Notice>}
          {preview?.warnings.map((warning) => (
            <Notice kind="warn" key={warning}>
              {warning}
            </Notice>
          ))}
          <ul className="stack tight">
            {preview && preview.problems.length === 0
              ? preview.lines.map((line) => (
                  <li key={line.text} className="row">
                    <Link to={`${here}/${line.action}`} className="breaks">
                      {line.text}
                    </Link>
                    {line.writes && <Badge kind="warn">{roles.writes}</Badge>}
                    {line.public && <Badge kind="bad">{roles.public}</Badge>}
                    <Undo draft={draft} action={line.action} />
                  </li>
                ))
              : changes.map((change) => (
                  <li key={change.action} className="row">
                    <Link to={`${here}/${change.action}`}>{change.action}</Link>
                    <ChangeInWords change={change} />
                    <Undo draft={draft} action={change.action} />
                  </li>
                ))}
          </ul>
        </div>
      )}
      <FailureNotice failure={draft.failure} />
      <div className="row apart">
        <button type="button" className="button plain small" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
          {isOpen ? roles.hideChanges : roles.showChanges}
        </button>
        <span className="grow" role="status">
          <strong>{roles.changes(changes.length)}</strong>
          {preview && draft.role.type !== 'public' && <span className="soft"> · {roles.affects(preview.users)}</span>}
        </span>
        <span className="row">
          <Button onClick={draft.discard} disabled={draft.busy}>
            {common.discard}
          </Button>
          <Button look="primary" busy={draft.busy} onClick={() => void draft.save()}>
            {common.save}
          </Button>
        </span>
      </div>
    </section>
  );
}

function Undo({ draft, action }: { readonly draft: RoleDraft; readonly action: string }): ReactNode {
  const { roles } = useWords();
  return (
    <Button
      small
      look="plain"
      aria-label={roles.undoOf(action)}
      onClick={() => draft.set([[action, draft.base.get(action) ?? 'none']])}
    >
      {roles.undo}
    </Button>
  );
}

function ChangeInWords({ change: { from, to } }: { readonly change: Change }): ReactNode {
  const { roles } = useWords();
  const inWords = (held: Change['to']) => (typeof held === 'string' ? roles.held[held] : roles.rules(held.length));
  return (
    <span className="soft">
      {inWords(from)} → {inWords(to)}
    </span>
  );
}
