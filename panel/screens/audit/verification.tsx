import { type ReactNode, useState } from 'react';
import { Link } from 'wouter';
import { ask } from '../../api/hooks.ts';
import { VerifyAuditLogDocument, type VerifyAuditLogQuery } from '../../generated/graphql.ts';
import { Button } from '../../ui/button.tsx';
import { CopyButton } from '../../ui/copy.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { FailureNotice, Loading, Notice } from '../../ui/notice.tsx';
import { useWords } from '../../words/words.ts';

type Verified = NonNullable<VerifyAuditLogQuery['auditVerification']>;

/** Verifies the hashes of the log, and says how that went. */
export function Verification(): ReactNode {
  const words = useWords();
  const { audit } = words;
  const [open, setOpen] = useState(false);
  const [result, setResult] = useState<Verified>();
  const [failure, setFailure] = useState<unknown>();
  const run = async () => {
    setOpen(true);
    setResult(undefined);
    setFailure(undefined);
    try {
      setResult((await ask(VerifyAuditLogDocument, {})).auditVerification ?? undefined);
    } catch (error) {
      setFailure(error);
    }
  };
  return (
    <>
      <Button icon="lock" onClick={run}>
        {audit.verify}
      </Button>
      <Dialog
        open={open}
        onClose={() => setOpen(false)}
        title={audit.verify}
        foot={<Button onClick={() => setOpen(false)}>{words.common.close}</Button>}
      >
        <p>{audit.verifyAbout}</p>
        <FailureNotice failure={failure} />
        {!result && failure === undefined && <Loading lines={2} />}
        {result && <Result {...result} />}
      </Dialog>
    </>
  );
}

function Result({ ok, complete, entries, entry, head, problem }: Verified): ReactNode {
  const { audit } = useWords();
  return (
    <>
      {ok ? (
        <Notice kind={complete ? 'good' : 'warn'} role="status">
          <p>{complete ? audit.verified(entries) : audit.verifiedPart(entries)}</p>
          {!complete && <p>{audit.verifyRest}</p>}
        </Notice>
      ) : (
        <Notice kind="bad" role="alert">
          <p>
            <strong>{audit.broken}</strong>
            {problem && `: ${problem}`}
          </p>
          {entry && <Link to={`/audit?entry=${encodeURIComponent(entry)}`}>{audit.entry(entry)}</Link>}
          <p>{audit.brokenAbout}</p>
        </Notice>
      )}
      <div className="stack tight">
        <span className="row apart">
          <span className="label">{audit.head}</span>
          <CopyButton text={head} />
        </span>
        <code className="breaks">{head}</code>
        <span className="hint">{audit.headAbout}</span>
      </div>
    </>
  );
}
