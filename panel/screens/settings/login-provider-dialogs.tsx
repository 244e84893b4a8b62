import type { ReactNode } from 'react';
import { act } from '../../api/hooks.ts';
import {
  type LoginProviderFieldsFragment,
  type ProviderLinking,
  SetLoginProviderDocument,
} from '../../generated/graphql.ts';
import { Button } from '../../ui/button.tsx';
import { CopyButton } from '../../ui/copy.tsx';
import { CancelButton, Dialog } from '../../ui/dialog.tsx';
import { Switch, TextField } from '../../ui/field.tsx';
import { useForm } from '../../ui/form.ts';
import { FailureNotice } from '../../ui/notice.tsx';
import { SelectField } from '../../ui/select.tsx';
import { say } from '../../ui/toasts.tsx';
import { useWords } from '../../words/words.ts';

type Provider = LoginProviderFieldsFragment;

/** The providers whose issuer the server knows, and any other one. */
const KNOWN = { google: 'Google', microsoft: 'Microsoft', github: 'GitHub', gitlab: 'GitLab', discord: 'Discord' };
const OTHER = 'other';

/** Asks which provider it is. Everything else is asked when it is there, with the addresses to register. */
export function NewLoginProvider({
  taken,
  onClose,
  onDone,
}: {
  readonly taken: readonly string[];
  readonly onClose: () => void;
  readonly onDone: (provider: Provider) => void;
}): ReactNode {
  const { loginProviders: words } = useWords();
  const kinds = Object.entries(KNOWN).filter(([name]) => !taken.includes(name));
  const [first = OTHER] = kinds.map(([name]) => name);
  const form = useForm('new', { kind: first, name: '' }, async ({ kind, name }) => {
    const { setLoginProvider } = await act(SetLoginProviderDocument, {
      name: kind === OTHER ? name.trim() : kind,
      data: { enabled: false },
    });
    if (setLoginProvider) onDone(setLoginProvider);
  });
  const { values, set, fault } = form;
  return (
    <Dialog
      open
      onClose={onClose}
      dirty={form.dirty}
      title={words.create}
      onSubmit={async () => {
        if (await form.save()) onClose();
      }}
      foot={
        <>
          <CancelButton />
          <Button type="submit" look="primary" busy={form.busy}>
            {words.next}
          </Button>
        </>
      }
    >
      <SelectField
        label={words.provider}
        options={[...kinds.map(([value, label]) => ({ value, label })), { value: OTHER, label: words.other }]}
        value={values.kind}
        onChange={(kind) => set({ kind })}
      />
      {values.kind === OTHER && (
        <TextField
          label={words.name}
          hint={words.nameHint}
          required
          autoComplete="off"
          value={values.name}
          onChange={(name) => set({ name })}
          fault={fault('name')}
        />
      )}
      <FailureNotice failure={form.failure} shownAtFields={['name']} />
    </Dialog>
  );
}

/** An empty field is what is usual. */
const textOrNull = (text: string) => (text.trim() === '' ? null : text.trim());

export function EditLoginProvider({
  provider,
  onClose,
  onDone,
}: {
  readonly provider: Provider;
  readonly onClose: () => void;
  readonly onDone: () => void;
}): ReactNode {
  const { loginProviders: words, common } = useWords();
  const { name, hasSecret, fromEnvironment } = provider;
  const isKnown = name in KNOWN;
  const before = {
    label: provider.label,
    issuer: provider.issuer ?? '',
    clientId: provider.clientId ?? '',
    clientSecret: '',
    scopes: provider.scopes ?? '',
    redirect: provider.redirect ?? '',
    linking: provider.linking,
    enabled: provider.enabled,
  };
  const form = useForm(name, before, async (values) => {
    const changed = (key: 'label' | 'issuer' | 'clientId' | 'scopes' | 'redirect') =>
      values[key] === before[key] ? {} : { [key]: textOrNull(values[key]) };
    const data = {
      ...changed('label'),
      ...changed('issuer'),
      ...changed('clientId'),
      ...changed('scopes'),
      ...changed('redirect'),
      ...(values.clientSecret !== '' && { clientSecret: values.clientSecret }),
      ...(values.linking !== before.linking && { linking: values.linking }),
      ...(values.enabled !== before.enabled && { enabled: values.enabled }),
    };
    await act(SetLoginProviderDocument, { name, data });
    say(common.saved);
  });
  const { values, set, fault } = form;
  const text = (key: 'label' | 'issuer' | 'clientId' | 'scopes' | 'redirect', required = false) => (
    <TextField
      label={words.fields[key]}
      hint={words.hints[key]}
      required={required}
      autoComplete="off"
      disabled={fromEnvironment}
      value={values[key]}
      onChange={(value) => set({ [key]: value })}
      fault={fault(key)}
    />
  );
  return (
    <Dialog
      open
      onClose={onClose}
      dirty={form.dirty}
      shape="wide"
      title={provider.label}
      onSubmit={async () => {
        if (form.dirty && !(await form.save())) return;
        onClose();
        onDone();
      }}
      foot={
        <>
          <CancelButton />
          {!fromEnvironment && (
            <Button type="submit" look="primary" busy={form.busy}>
              {common.save}
            </Button>
          )}
        </>
      }
    >
      {fromEnvironment && <p className="soft">{words.fromEnvironment}</p>}
      <div className="stack tight">
        <span className="label">{words.callbacks}</span>
        <span className="hint">{words.callbacksAbout}</span>
        {provider.callbackUrls.map((url) => (
          <div className="row" key={url}>
            <code className="breaks">{url}</code>
            <CopyButton text={url} />
          </div>
        ))}
      </div>
      {text('clientId', true)}
      <TextField
        label={words.fields['clientSecret']}
        hint={hasSecret ? words.secretStored : undefined}
        required={!hasSecret}
        type="password"
        autoComplete="off"
        disabled={fromEnvironment}
        value={values.clientSecret}
        onChange={(clientSecret) => set({ clientSecret })}
        fault={fault('clientSecret')}
      />
      {text('issuer', !isKnown)}
      {text('label')}
      {text('redirect')}
      {text('scopes')}
      <SelectField
        label={words.linking}
        hint={words.linkingHint}
        options={(['VERIFIED', 'NEVER'] as const).map((value) => ({ value, label: words.linkings[value] }))}
        value={values.linking}
        disabled={fromEnvironment}
        onChange={(linking: ProviderLinking) => set({ linking })}
      />
      <Switch
        label={words.enabled}
        checked={values.enabled}
        disabled={fromEnvironment}
        onChange={(enabled) => set({ enabled })}
      />
      <FailureNotice
        failure={form.failure}
        shownAtFields={['label', 'issuer', 'clientId', 'clientSecret', 'scopes', 'redirect']}
      />
    </Dialog>
  );
}
