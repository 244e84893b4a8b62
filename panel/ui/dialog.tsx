import { Dialog as BaseDialog } from '@base-ui/react/dialog';
import { type ReactNode, type SubmitEventHandler, useState } from 'react';
import { useWords } from '../words/words.ts';
import { Button } from './button.tsx';
import { classNames } from './class-names.ts';
import { TextField } from './field.tsx';
import { Icon } from './icons.tsx';
import { FailureNotice, Notice } from './notice.tsx';
import { hear, useShortcut } from './shortcut.ts';

export interface DialogProps {
  readonly open: boolean;
  /** Called when it is to be closed: by Escape, by a click beside it, by its buttons. */
  readonly onClose: () => void;
  readonly title: ReactNode;
  readonly children: ReactNode;
  /** Its buttons, the most important one last. */
  readonly foot?: ReactNode;
  readonly shape?: 'dialog' | 'wide' | 'drawer' | 'drawer start';
  /** Something was typed: a click beside it does not close it, and every other way to close it asks first. */
  readonly dirty?: boolean;
  /** A click beside it does not close it. */
  readonly sticky?: boolean;
  /** Only its own buttons close it. */
  readonly held?: boolean;
  /** Runs for Enter in a field and for Ctrl-S. */
  readonly onSubmit?: () => void;
}

/** A dialog or a drawer. The focus stays inside, and returns to where it was. */
export function Dialog({
  open,
  onClose,
  title,
  children,
  foot,
  shape = 'dialog',
  dirty = false,
  sticky = false,
  held = false,
  onSubmit,
}: DialogProps): ReactNode {
  const words = useWords();
  const [isAsking, setAsking] = useState(false);
  const close = () => {
    setAsking(false);
    onClose();
  };
  const submit: SubmitEventHandler<HTMLFormElement> = (event) => {
    event.preventDefault();
    event.stopPropagation();
    onSubmit?.();
  };
  const body = (
    <>
      {children}
      {foot && <div className="dialog-foot">{foot}</div>}
    </>
  );
  return (
    <BaseDialog.Root
      open={open}
      onOpenChange={(next, { reason, cancel }) => {
        if (next) return;
        if (held || ((dirty || sticky) && reason === 'outside-press')) cancel();
        else if (dirty && !isAsking) {
          cancel();
          setAsking(true);
        } else close();
      }}
    >
      <BaseDialog.Portal>
        <BaseDialog.Backdrop className="veil" />
        <BaseDialog.Popup
          className={classNames(shape.startsWith('drawer') ? shape : `dialog ${shape}`)}
          // Base UI lets no arrow key out of a dialog, so that the document would not hear them.
          onKeyDown={({ nativeEvent }) => hear(nativeEvent)}
        >
          <div className="dialog-head">
            <BaseDialog.Title render={<h2>{title}</h2>} />
            {!held && (
              // It has the focus when the dialog opens: a tip would cover what is below it.
              <BaseDialog.Close
                render={
                  <Button look="plain" small className="icon" aria-label={words.common.close}>
                    <Icon name="close" />
                  </Button>
                }
              />
            )}
          </div>
          {onSubmit ? (
            <form className="stack" onSubmit={submit} noValidate>
              <SaveShortcut onSave={onSubmit} />
              {body}
            </form>
          ) : (
            body
          )}
          {isAsking && dirty && (
            <Notice kind="warn" role="alert">
              <p>{words.common.discardAsk}</p>
              <div className="row">
                <Button small danger onClick={close}>
                  {words.common.discard}
                </Button>
                <Button small autoFocus onClick={() => setAsking(false)}>
                  {words.common.keepEditing}
                </Button>
              </div>
            </Notice>
          )}
        </BaseDialog.Popup>
      </BaseDialog.Portal>
    </BaseDialog.Root>
  );
}

/** The button that closes a dialog without doing anything. Like Escape, it asks first where something was typed. */
export function CancelButton(): ReactNode {
  const words = useWords();
  return <BaseDialog.Close render={<Button>{words.common.cancel}</Button>} />;
}

function SaveShortcut({ onSave }: { readonly onSave: () => void }): ReactNode {
  useShortcut('mod+s', onSave);
  return null;
}

/** Asks before something that cannot be undone. With `type`, it is confirmed by typing that text. */
export function ConfirmDialog({
  open,
  onClose,
  title,
  children,
  confirm,
  type,
  danger = true,
  act,
}: {
  readonly open: boolean;
  readonly onClose: () => void;
  readonly title: ReactNode;
  readonly children: ReactNode;
  /** The text of its button: what it does. */
  readonly confirm: string;
  readonly type?: string;
  /** Whether it destroys something. */
  readonly danger?: boolean;
  /** What it does. The dialog closes when it is done, and shows why when it fails. */
  readonly act: () => Promise<unknown>;
}): ReactNode {
  const words = useWords();
  const [typed, setTyped] = useState('');
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<unknown>();
  const ready = type === undefined || typed.trim() === type;
  const close = () => {
    setTyped('');
    setFailure(undefined);
    onClose();
  };
  const run = async () => {
    if (!ready || busy) return;
    setBusy(true);
    setFailure(undefined);
    try {
      await act();
      close();
    } catch (error) {
      setFailure(error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Dialog
      open={open}
      onClose={close}
      title={title}
      onSubmit={run}
      foot={
        <>
          <Button onClick={close}>{words.common.cancel}</Button>
          <Button type="submit" look="primary" danger={danger} busy={busy} disabled={!ready}>
            {confirm}
          </Button>
        </>
      }
    >
      {children}
      {type !== undefined && (
        <TextField
          label={words.common.typeToConfirm(type)}
          value={typed}
          onChange={setTyped}
          autoComplete="off"
          spellCheck={false}
        />
      )}
      <FailureNotice failure={failure} />
    </Dialog>
  );
}
