import { type ReactNode, useEffect, useRef, useState } from 'react';
import { Link, Route, Switch } from 'wouter';
import { BASE } from '../../api/base.ts';
import { Failure } from '../../api/failure.ts';
import { useData } from '../../api/hooks.ts';
import { completeLogIn, forgotPassword, logIn, welcome } from '../../api/log-in.ts';
import { completeLogInWithPasskey, logInWithPasskey } from '../../api/passkeys.ts';
import { EntranceDocument, type EntranceQuery } from '../../generated/graphql.ts';
import icon from '../../icon.svg';
import { Button } from '../../ui/button.tsx';
import { TextField } from '../../ui/field.tsx';
import { FailureNotice, Loading, Notice } from '../../ui/notice.tsx';
import { PasskeyButton } from '../../ui/passkey-button.tsx';
import { useWords } from '../../words/words.ts';

type Known = NonNullable<EntranceQuery['entrance']>;

/** What there is to see without a session. After the log-in, the address that was asked for opens. */
export function Entrance(): ReactNode {
  const { data, failure } = useData(EntranceDocument, {});
  const known = data?.entrance;
  return (
    <main className="entrance">
      <div className="entrance-card stack">
        <span className="brand">
          <img src={icon} alt="" width={24} height={24} />
          Gatehouse
        </span>
        {failure && <FailureNotice failure={failure} />}
        {!known && !failure && <Loading lines={3} />}
        {known?.needsFirstAdministrator && <Welcome known={known} />}
        {known && !known.needsFirstAdministrator && (
          <Switch>
            <Route path="/forgot-password">
              <Forgot />
            </Route>
            <Route>
              <LogIn known={known} />
            </Route>
          </Switch>
        )}
      </div>
    </main>
  );
}

function LogIn({ known: { demo } }: { readonly known: Known }): ReactNode {
  const { entrance } = useWords();
  useTitle(entrance.logIn);
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const [pending, setPending] = useState<Pending>();
  const { busy, failure, run } = useOnce();
  const first = useFirstFocus();
  const enter = (as: string, by: string) =>
    run(async () => {
      try {
        await logIn(as, by);
      } catch (error) {
        if (!(error instanceof Failure) || error.challenge === undefined) throw error;
        setPending({ challenge: error.challenge, methods: error.methods });
      }
    });
  if (pending) return <Factor pending={pending} onBack={() => setPending(undefined)} />;
  return (
    <form
      className="stack"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void enter(email, password);
      }}
    >
      <h1>{entrance.logIn}</h1>
      <TextField
        ref={first}
        label={entrance.email}
        type="email"
        autoComplete="username"
        value={email}
        onChange={setEmail}
        fault={failure instanceof Failure ? failure.at('email') : undefined}
      />
      <TextField
        label={entrance.password}
        type="password"
        autoComplete="current-password"
        value={password}
        onChange={setPassword}
        fault={failure instanceof Failure ? failure.at('password') : undefined}
      />
      <FailureNotice failure={failure} shownAtFields={['email', 'password']} />
      <Button type="submit" look="primary" busy={busy}>
        {entrance.logIn}
      </Button>
      <PasskeyButton busy={busy} onClick={() => void run(logInWithPasskey)}>
        {entrance.passkey}
      </PasskeyButton>
      <Link to="/forgot-password">{entrance.forgot}</Link>
      {demo && (
        <Notice>
          <p>{entrance.demoAbout}</p>
          <Button busy={busy} onClick={() => void enter(demo.email, demo.password)}>
            {entrance.demo(demo.email)}
          </Button>
        </Notice>
      )}
    </form>
  );
}

/** A log-in that waits for its second factor. */
interface Pending {
  readonly challenge: string;
  readonly methods: readonly string[];
}

/** The code, or the passkey, that completes the log-in of somebody with a second factor. */
function Factor({
  pending: { challenge, methods },
  onBack,
}: {
  readonly pending: Pending;
  readonly onBack: () => void;
}): ReactNode {
  const { entrance } = useWords();
  useTitle(entrance.factorTitle);
  const [code, setCode] = useState('');
  const { busy, failure, run } = useOnce();
  const first = useFirstFocus();
  const takesCode = methods.includes('totp') || methods.includes('backupCode');
  return (
    <form
      className="stack"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (takesCode) void run(() => completeLogIn(challenge, code));
      }}
    >
      <h1>{entrance.factorTitle}</h1>
      <p className="soft">{takesCode ? entrance.factorAbout : entrance.factorPasskeyOnly}</p>
      {takesCode && (
        <TextField
          ref={first}
          label={entrance.factor}
          autoComplete="one-time-code"
          mono
          value={code}
          onChange={setCode}
          fault={failure instanceof Failure ? (failure.at('totp') ?? failure.at('backupCode')) : undefined}
        />
      )}
      <FailureNotice failure={failure} shownAtFields={['totp', 'backupCode']} />
      {takesCode && (
        <Button type="submit" look="primary" busy={busy}>
          {entrance.logIn}
        </Button>
      )}
      {methods.includes('passkey') && (
        <PasskeyButton
          only={!takesCode}
          busy={busy}
          onClick={() => void run(() => completeLogInWithPasskey(challenge))}
        >
          {entrance.usePasskey}
        </PasskeyButton>
      )}
      <Button onClick={onBack}>{entrance.back}</Button>
    </form>
  );
}

/** The first administrator. The link of the start message carries the code behind the #, which browsers send to nobody. */
function Welcome({ known: { needsCode, minPasswordLength } }: { readonly known: Known }): ReactNode {
  const { entrance } = useWords();
  useTitle(entrance.welcome);
  const [values, setValues] = useState({ email: '', name: '', password: '', code: location.hash.slice(1) });
  const { busy, failure, run } = useOnce();
  const field = (name: keyof typeof values) => ({
    value: values[name],
    onChange: (value: string) => setValues((before) => ({ ...before, [name]: value })),
    fault: failure instanceof Failure ? failure.at(name) : undefined,
  });
  return (
    <form
      className="stack"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        const { email, name, password, code } = values;
        void run(async () => {
          await welcome({ email, password, ...(name && { name }) }, code || undefined);
          history.replaceState(null, '', `${BASE}/`); // without the code
        });
      }}
    >
      <h1>{entrance.welcome}</h1>
      <p className="soft">{entrance.welcomeAbout}</p>
      {needsCode && (
        <TextField label={entrance.code} hint={entrance.codeHint} required autoComplete="off" mono {...field('code')} />
      )}
      <TextField label={entrance.email} type="email" required autoComplete="username" {...field('email')} />
      <TextField label={entrance.name} autoComplete="name" {...field('name')} />
      <TextField
        label={entrance.password}
        hint={entrance.minLength(minPasswordLength)}
        type="password"
        required
        autoComplete="new-password"
        {...field('password')}
      />
      <FailureNotice failure={failure} shownAtFields={['email', 'name', 'password', 'code']} />
      <Button type="submit" look="primary" busy={busy}>
        {entrance.create}
      </Button>
    </form>
  );
}

function Forgot(): ReactNode {
  const { entrance } = useWords();
  useTitle(entrance.forgotTitle);
  const [email, setEmail] = useState('');
  const [sent, setSent] = useState(false);
  const { busy, failure, run } = useOnce();
  const first = useFirstFocus();
  return (
    <form
      className="stack"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void run(async () => {
          await forgotPassword(email);
          setSent(true);
        });
      }}
    >
      <h1>{entrance.forgotTitle}</h1>
      {sent ? (
        <Notice kind="good" role="status">
          {entrance.mailSent}
        </Notice>
      ) : (
        <>
          <p className="soft">{entrance.forgotAbout}</p>
          <TextField
            ref={first}
            label={entrance.email}
            type="email"
            autoComplete="username"
            value={email}
            onChange={setEmail}
          />
          <FailureNotice failure={failure} />
          <Button type="submit" look="primary" busy={busy}>
            {entrance.sendMail}
          </Button>
        </>
      )}
      <Link to="/">{entrance.back}</Link>
    </form>
  );
}

/** Runs one thing at a time, and keeps why it failed. */
function useOnce() {
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<unknown>();
  const run = async (work: () => Promise<unknown>) => {
    if (busy) return;
    setBusy(true);
    setFailure(undefined);
    try {
      await work();
    } catch (error) {
      setFailure(error);
    } finally {
      setBusy(false);
    }
  };
  return { busy, failure, run };
}

function useTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} · Gatehouse`;
  }, [title]);
}

/** The page is there for its form. */
function useFirstFocus() {
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => field.current?.focus(), []);
  return field;
}
