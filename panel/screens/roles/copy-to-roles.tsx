import { type ReactNode, useState } from 'react';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Checkbox } from '../../ui/field.tsx';
import { FailureNotice, Loading, Notice } from '../../ui/notice.tsx';
import { MultiPickerField, type Pick } from '../../ui/picker.tsx';
import { useShortcut } from '../../ui/shortcut.ts';
import { say } from '../../ui/toasts.tsx';
import { useWords } from '../../words/words.ts';
import { findRoles } from './pick-roles.ts';
import { PreviewLines } from './preview-lines.tsx';
import { type Copy, type Source, useCopies } from './role-copies.ts';

/** Gives other roles what this one has: of some actions, or of all. */
export function CopyToRoles({
  source,
  hint,
  isUnsaved,
}: {
  readonly source: Source;
  readonly hint?: string | undefined;
  /** What is not saved here would not be copied, so it has to be saved first. */
  readonly isUnsaved: boolean;
}): ReactNode {
  const { roles } = useWords();
  const [isOpen, setOpen] = useState(false);
  return (
    <span className="row">
      <Button icon="copy" disabled={isUnsaved} onClick={() => setOpen(true)}>
        {roles.copyTo}
      </Button>
      {isUnsaved && <span className="soft small">{roles.copyUnsaved}</span>}
      {isOpen && <CopyDialog source={source} hint={hint} onClose={() => setOpen(false)} />}
    </span>
  );
}

function CopyDialog({
  source,
  hint,
  onClose,
}: {
  readonly source: Source;
  readonly hint: string | undefined;
  readonly onClose: () => void;
}): ReactNode {
  const { roles, common } = useWords();
  const [targets, setTargets] = useState<readonly Pick[]>([]);
  const [exact, setExact] = useState(false);
  const [saved, setSaved] = useState<readonly Pick[]>([]);
  const [busy, setBusy] = useState(false);
  const { copies, save } = useCopies(source, targets, exact);
  const isReady = copies.length > 0 && copies.every(canBeSaved);
  const run = async () => {
    if (!isReady || busy) return;
    setBusy(true);
    const done = await save();
    setBusy(false);
    const all = [...saved, ...done];
    if (done.length < copies.length) {
      setSaved(all);
      setTargets(targets.filter(({ id }) => !done.some((one) => one.id === id)));
    } else {
      say(roles.copySaved(namesOf(all)));
      onClose();
    }
  };
  useShortcut('mod+s', () => void run());
  return (
    <Dialog
      open
      onClose={onClose}
      shape="wide"
      dirty={targets.length > 0}
      held={busy}
      title={
        source.actions
          ? roles.copyActionsTitle(source.actions.join(', '), source.name)
          : roles.copyAllTitle(source.name)
      }
      foot={
        <>
          <Button onClick={onClose} disabled={busy}>
            {common.cancel}
          </Button>
          <Button look="primary" busy={busy} disabled={!isReady} onClick={() => void run()}>
            {roles.copySave(targets.length)}
          </Button>
        </>
      }
    >
      <div className="stack">
        <p>{source.actions ? roles.copyActionsAbout : roles.copyAllAbout}</p>
        {hint && <p className="soft">{hint}</p>}
        {saved.length > 0 && (
          <Notice kind="good" role="status">
            {roles.copySaved(namesOf(saved))}
          </Notice>
        )}
        <MultiPickerField
          label={roles.copyRoles}
          find={findRoles(source.documentId)}
          disabled={busy}
          value={targets}
          onChange={setTargets}
        />
        {!source.actions && (
          <Checkbox
            label={roles.copyExact(source.name)}
            hint={roles.copyExactHint}
            checked={exact}
            disabled={busy}
            onChange={setExact}
          />
        )}
        {copies.map((copy) => (
          <OneCopy key={copy.role.id} copy={copy} />
        ))}
      </div>
    </Dialog>
  );
}

/** What changes of one role. */
function OneCopy({ copy: { role, plan, failure, refusal } }: { readonly copy: Copy }): ReactNode {
  const { roles } = useWords();
  const preview = plan?.preview;
  return (
    <section className="stack tight" aria-label={roles.copyOne(role.label)}>
      <h3>
        {role.label}
        {preview && role.hint !== 'public' && <span className="soft small"> · {roles.affects(preview.users)}</span>}
      </h3>
      <FailureNotice failure={refusal} />
      {refusal !== undefined && <p className="soft">{roles.copyNotSaved}</p>}
      <FailureNotice failure={failure} />
      {!plan && failure === undefined && <Loading lines={1} />}
      {plan && !preview && <p className="soft">{roles.copyNothing}</p>}
      {preview && <PreviewLines preview={preview} nothing={roles.copyNothing} />}
      {preview && preview.problems.length > 0 && <p className="soft">{roles.copyDoesNotFit}</p>}
    </section>
  );
}

function canBeSaved({ plan }: Copy): boolean {
  return plan !== undefined && (plan.preview === null || plan.preview.problems.length === 0);
}

function namesOf(roles: readonly Pick[]): string {
  return roles.map(({ label }) => label).join(', ');
}
