import { type ReactNode, useEffect, useMemo, useState } from 'react';
import { act, ask, useData, useMayChange } from '../../api/hooks.ts';
import { FindDefaultRolesDocument, UnconfirmedUsersDocument, UpdateSettingsDocument } from '../../generated/graphql.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Switch, TextField } from '../../ui/field.tsx';
import { useForm } from '../../ui/form.ts';
import { FailureNotice, Notice } from '../../ui/notice.tsx';
import { Section } from '../../ui/page.tsx';
import { type Find, PickerField } from '../../ui/picker.tsx';
import { SelectField } from '../../ui/select.tsx';
import { useShortcut } from '../../ui/shortcut.ts';
import { say } from '../../ui/toasts.tsx';
import { useWords } from '../../words/words.ts';
import { consequencesOf } from './consequences.ts';
import { DurationField } from './duration.tsx';
import { inWordsOf } from './fault-words.ts';
import { changesOf, LIFESPANS, NUMBERS, type Settings, type Values, valuesOf, withoutValue } from './values.ts';

/** The pages of a front end that mails link to. */
const PAGES = ['resetPasswordUrl', 'confirmEmailUrl', 'loginCodeUrl', 'acceptInvitationUrl'] as const;
const isPage = (name: string): name is (typeof PAGES)[number] => (PAGES as readonly string[]).includes(name);

/** The fields whose faults stand beside them. */
const FIELDS = [...LIFESPANS, ...NUMBERS, 'defaultRole', ...PAGES] as const;

export function SettingsForm({
  settings,
  changedElsewhere,
  mailServer,
  publicUrl,
  onDirty,
}: {
  readonly settings: Settings;
  /** Somebody saved other settings since this form began. */
  readonly changedElsewhere: boolean;
  readonly mailServer: boolean | undefined;
  readonly publicUrl: string | undefined;
  readonly onDirty: (dirty: boolean) => void;
}): ReactNode {
  const words = useWords();
  const texts = words.settings;
  const mayChange = useMayChange();
  const overview = useData(UnconfirmedUsersDocument, {});
  const initial = useMemo(() => valuesOf(settings), [settings]);
  const form = useForm<Values>(JSON.stringify(settings), initial, async (values) => {
    await act(UpdateSettingsDocument, changesOf(settings, values));
    say(words.common.saved);
  });
  const { values, set, dirty } = form;
  const [confirming, setConfirming] = useState(false);
  const [tried, setTried] = useState(false);
  useEffect(() => onDirty(dirty), [dirty, onDirty]);
  const wrong = withoutValue(values);
  const unconfirmedUsers = overview.data?.overview?.unconfirmedUsers;
  const consequences = consequencesOf(settings, values, words, { unconfirmedUsers, mailServer });

  const save = async () => {
    setConfirming(false);
    if (await form.save()) setTried(false);
  };
  const submit = () => {
    if (!dirty || !mayChange) return;
    setTried(true);
    if (wrong.size > 0) return;
    if (consequences.length > 0) setConfirming(true);
    else void save();
  };
  useShortcut('mod+s', submit, mayChange && !confirming);

  const fault = (name: (typeof FIELDS)[number]) => {
    if (tried && wrong.has(name)) return name === 'defaultRole' ? texts.chooseRole : texts.notANumber;
    const found = form.fault('data', name) ?? form.fault(name);
    return found === undefined ? undefined : inWordsOf(found, words);
  };
  const common = (name: (typeof FIELDS)[number]) => ({
    label: texts.labels[name],
    hint: isPage(name) ? texts.pageHint(publicUrl) : texts.hints[name],
    fault: fault(name),
    disabled: !mayChange,
  });
  const duration = (name: (typeof LIFESPANS)[number]) => (
    <DurationField {...common(name)} value={values[name]} onChange={(value) => set({ [name]: value })} />
  );
  const text = (name: (typeof NUMBERS | typeof PAGES)[number], numeric: boolean) => (
    <TextField
      {...common(name)}
      value={values[name]}
      onChange={(value) => set({ [name]: value })}
      {...(numeric
        ? { inputMode: 'numeric' as const, className: 'narrow' }
        : { type: 'url', placeholder: 'https://', spellCheck: false })}
    />
  );
  return (
    <form
      className="stack wide"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      {!mayChange && <Notice>{words.common.readOnly}</Notice>}
      {changedElsewhere && <Notice kind="warn">{texts.changedElsewhere}</Notice>}
      <Section title={texts.signUpGroup} about={texts.signUpGroupAbout}>
        <Switch
          label={texts.labels.signUps}
          hint={texts.hints.signUps}
          checked={values.signUps}
          onChange={(signUps) => set({ signUps })}
          disabled={!mayChange}
        />
        <Switch
          label={texts.labels.emailConfirmation}
          hint={texts.hints.emailConfirmation}
          checked={values.emailConfirmation}
          onChange={(emailConfirmation) => set({ emailConfirmation })}
          disabled={!mayChange}
        />
        <Switch
          label={texts.labels.emailLoginCodes}
          hint={texts.hints.emailLoginCodes}
          checked={values.emailLoginCodes}
          onChange={(emailLoginCodes) => set({ emailLoginCodes })}
          disabled={!mayChange}
        />
        <Switch
          label={texts.labels.newDeviceMail}
          hint={texts.hints.newDeviceMail}
          checked={values.newDeviceMail}
          onChange={(newDeviceMail) => set({ newDeviceMail })}
          disabled={!mayChange}
        />
        <PickerField
          {...common('defaultRole')}
          find={findRoles}
          value={values.defaultRole}
          onChange={(defaultRole) => set({ defaultRole })}
        />
        {text('deleteGraceDays', true)}
      </Section>
      <Section title={texts.sessionGroup} about={texts.sessionGroupAbout}>
        <SelectField
          label={texts.labels.sessionMode}
          hint={values.sessionMode === 'REFRESH' ? texts.refreshAbout : texts.plainAbout}
          options={[
            { value: 'PLAIN', label: texts.plain },
            { value: 'REFRESH', label: texts.refresh },
          ]}
          value={values.sessionMode}
          onChange={(sessionMode) => set({ sessionMode })}
          disabled={!mayChange}
        />
        <Switch
          label={texts.labels.refreshTokenInCookie}
          hint={texts.hints.refreshTokenInCookie}
          checked={values.refreshTokenInCookie}
          onChange={(refreshTokenInCookie) => set({ refreshTokenInCookie })}
          disabled={!mayChange}
        />
        <div className="columns">
          {duration('accessTokenLifespan')}
          {duration('idleRefreshTokenLifespan')}
          {duration('maxRefreshTokenLifespan')}
          {duration('refreshTokenGrace')}
        </div>
      </Section>
      <Section title={texts.adminSessionGroup} about={texts.adminSessionGroupAbout}>
        <Switch
          label={texts.labels.adminSecondFactor}
          hint={texts.hints.adminSecondFactor}
          checked={values.adminSecondFactor}
          onChange={(adminSecondFactor) => set({ adminSecondFactor })}
          disabled={!mayChange}
        />
        <div className="columns">
          {duration('adminIdleSessionLifespan')}
          {duration('adminMaxSessionLifespan')}
        </div>
      </Section>
      <Section title={texts.passwordGroup} about={texts.passwordGroupAbout}>
        <div className="columns">
          {text('passwordMinLength', true)}
          {text('adminPasswordMinLength', true)}
        </div>
      </Section>
      <Section title={texts.addressGroup} about={texts.addressGroupAbout}>
        {text('resetPasswordUrl', false)}
        {text('confirmEmailUrl', false)}
        {text('loginCodeUrl', false)}
        {text('acceptInvitationUrl', false)}
      </Section>
      {mayChange && (dirty || form.failure !== undefined) && (
        <section className="unsaved-bar" aria-label={words.common.unsaved}>
          {tried && wrong.size > 0 ? (
            <Notice kind="bad" role="alert">
              {words.failures.seeFields}
            </Notice>
          ) : (
            <FailureNotice failure={form.failure} shownAtFields={FIELDS} />
          )}
          {consequences.map((sentence) => (
            <Notice kind="warn" key={sentence}>
              {sentence}
            </Notice>
          ))}
          <div className="row apart">
            <span className="label">{words.common.unsaved}</span>
            <span className="row">
              <Button
                onClick={() => {
                  setTried(false);
                  form.reset();
                }}
              >
                {words.common.discard}
              </Button>
              <Button type="submit" look="primary" busy={form.busy}>
                {words.common.save}
              </Button>
            </span>
          </div>
        </section>
      )}
      <Dialog
        open={confirming}
        onClose={() => setConfirming(false)}
        title={texts.confirmTitle}
        onSubmit={() => void save()}
        foot={
          <>
            <Button onClick={() => setConfirming(false)}>{words.common.cancel}</Button>
            <Button type="submit" look="primary">
              {words.common.save}
            </Button>
          </>
        }
      >
        {consequences.map((sentence) => (
          <Notice kind="warn" key={sentence}>
            {sentence}
          </Notice>
        ))}
      </Dialog>
    </form>
  );
}

/** Public is the role of requests without an account. */
const findRoles: Find = async (text) => {
  const { roles } = await ask(FindDefaultRolesDocument, { text });
  const found = (roles ?? []).filter(({ type }) => type !== 'public');
  return {
    found: found.map(({ documentId, name }) => ({ id: documentId, label: name })),
    more: (roles ?? []).length === 20,
  };
};
