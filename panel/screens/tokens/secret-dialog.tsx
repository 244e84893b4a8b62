import type { ReactNode } from 'react';
import { Button } from '../../ui/button.tsx';
import { CopyButton } from '../../ui/copy.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { TextField } from '../../ui/field.tsx';
import { Notice } from '../../ui/notice.tsx';
import { useWords } from '../../words/words.ts';

/** The secret of a token: once, and never again. */
export function SecretDialog({
  name,
  secret,
  onClose,
}: {
  readonly name: string;
  readonly secret: string;
  readonly onClose: () => void;
}): ReactNode {
  const { tokens } = useWords();
  return (
    <Dialog
      open
      onClose={onClose}
      title={tokens.secretTitle(name)}
      foot={
        <Button look="primary" onClick={onClose}>
          {tokens.secretDone}
        </Button>
      }
    >
      <Notice kind="warn">{tokens.secretOnce}</Notice>
      <TextField
        label={tokens.secret}
        hint={tokens.secretHow}
        mono
        readOnly
        value={secret}
        onChange={() => {}}
        onFocus={({ target }) => target.select()}
      />
      <div>
        <CopyButton text={secret} label={tokens.secretCopy} />
      </div>
    </Dialog>
  );
}
