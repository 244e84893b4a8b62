import { type ReactNode, useState } from 'react';
import { act } from '../../api/hooks.ts';
import { DeleteTokenDocument, RegenerateTokenDocument, RevokeTokenDocument } from '../../generated/graphql.ts';
import { ConfirmDialog } from '../../ui/dialog.tsx';
import { Time } from '../../ui/time.tsx';
import { say } from '../../ui/toasts.tsx';
import { useWords } from '../../words/words.ts';
import { SecretDialog } from './secret-dialog.tsx';

interface Token {
  readonly documentId: string;
  readonly name: string;
  readonly status: string;
  readonly lastUsedAt?: string | null | undefined;
}

export interface TokenAct {
  readonly kind: 'regenerate' | 'revoke' | 'delete';
  readonly token: Token;
}

/** What ends a token or its secret: it says what hangs on it, and asks for the name where it is in use. */
export function TokenDialogs({
  asked,
  onClose,
  onDeleted,
}: {
  readonly asked: TokenAct | undefined;
  readonly onClose: () => void;
  readonly onDeleted?: () => void;
}): ReactNode {
  const { tokens } = useWords();
  const [secret, setSecret] = useState<{ readonly name: string; readonly secret: string }>();
  const token = asked?.token;
  const run = async () => {
    if (!asked) return;
    const { documentId, name } = asked.token;
    switch (asked.kind) {
      case 'regenerate': {
        const { regenerateApiToken } = await act(RegenerateTokenDocument, { token: documentId });
        if (regenerateApiToken) setSecret({ name, secret: regenerateApiToken.secret });
        return;
      }
      case 'revoke':
        await act(RevokeTokenDocument, { token: documentId });
        say(tokens.revoked(name));
        return;
      case 'delete':
        await act(DeleteTokenDocument, { token: documentId });
        say(tokens.deleted(name));
        onDeleted?.();
    }
  };
  // Programs send it now: a stray click must not stop them.
  const isInUse = token?.status === 'ACTIVE' && Boolean(token.lastUsedAt);
  return (
    <>
      {asked && token && (
        <ConfirmDialog
          open
          onClose={onClose}
          title={tokens.asks[asked.kind](token.name)}
          confirm={tokens[asked.kind]}
          {...(isInUse && { type: token.name })}
          act={run}
        >
          <p>{tokens.asksAbout[asked.kind]}</p>
          {token.lastUsedAt && (
            <p>
              {tokens.lastUsed}: <Time at={token.lastUsedAt} />
            </p>
          )}
        </ConfirmDialog>
      )}
      {secret && <SecretDialog {...secret} onClose={() => setSecret(undefined)} />}
    </>
  );
}
