import { type ReactNode, useEffect, useRef, useState } from 'react';
import { Failure } from '../../api/failure.ts';
import { act, ask, useData, useMayChange } from '../../api/hooks.ts';
import { AlsoOpen } from '../../app/also-open.tsx';
import { NotFound } from '../../app/not-found.tsx';
import { usePreferences } from '../../app/preferences.tsx';
import {
  CreateTokenDocument,
  type EditedTokenFragment,
  PublicRoleDocument,
  TokenDocument,
  UpdateTokenDocument,
} from '../../generated/graphql.ts';
import { listAsLeft } from '../../ui/address.ts';
import { Button } from '../../ui/button.tsx';
import { TextAreaField, TextField } from '../../ui/field.tsx';
import { type Form, useForm } from '../../ui/form.ts';
import { goTo } from '../../ui/leave-guard.ts';
import { FailureNotice, Loading } from '../../ui/notice.tsx';
import { Page, Section } from '../../ui/page.tsx';
import { SelectField } from '../../ui/select.tsx';
import { useShortcut } from '../../ui/shortcut.ts';
import { Time, zoneName } from '../../ui/time.tsx';
import { say } from '../../ui/toasts.tsx';
import { useWords } from '../../words/words.ts';
import { type Draft, drafted, heldWith, sentFor } from '../roles/changes.ts';
import type { Editing } from '../roles/editing.ts';
import { GrantEditor } from '../roles/grant-editor.tsx';
import { type Held, type Holding, holdingOf } from '../roles/held.ts';
import { Problems } from '../roles/problems.tsx';
import { MatrixPart } from '../roles/role-permissions.tsx';
import { SecretDialog } from './secret-dialog.tsx';
import { type TokenAct, TokenDialogs } from './token-acts.tsx';
import { TokenStatus } from './token-status.tsx';

interface Values {
  readonly name: string;
  readonly description: string;
  readonly kind: 'READ_ONLY' | 'FULL_ACCESS' | 'CUSTOM';
  readonly lifespan: 'DAYS_7' | 'DAYS_30' | 'DAYS_90' | 'UNLIMITED';
  readonly draft: readonly (readonly [string, Held])[];
}

/** One token, or a new one. What it may do and the rules of each action are parts of one form. */
export default function Token({ token: id, part }: { readonly token: string; readonly part?: string }): ReactNode {
  const { tokens } = useWords();
  const isNew = id === 'new';
  const { data, failure } = useData(TokenDocument, { token: id }, { pause: isNew });
  if (isNew) return <Known key="new" token={undefined} part={part} />;
  if (data?.apiToken) return <Known key={id} token={data.apiToken} part={part} />;
  if (data) return <NotFound />;
  return (
    <Page title={tokens.token} parent={{ title: tokens.title, to: listAsLeft('/tokens') }}>
      <FailureNotice failure={failure} />
      {!failure && <Loading />}
    </Page>
  );
}

const NOTHING: Holding = new Map();

function Known({
  token,
  part,
}: {
  readonly token: EditedTokenFragment | undefined;
  readonly part: string | undefined;
}): ReactNode {
  const { tokens, common } = useWords();
  const mayChange = useMayChange();
  const { visited } = usePreferences();
  const [secret, setSecret] = useState<{
    readonly documentId: string;
    readonly name: string;
    readonly secret: string;
  }>();
  const [asked, setAsked] = useState<TokenAct>();
  /** When what is typed over was changed last. What is read later, because something else was saved, does not count. */
  const readAt = useRef(token?.updatedAt);
  const here = `/tokens/${token?.documentId ?? 'new'}`;
  const base = token ? holdingOf(token.actions, token.grants) : NOTHING;
  const form = useForm<Values>(
    token?.documentId ?? 'new',
    {
      name: token?.name ?? '',
      description: token?.description ?? '',
      kind: token?.kind ?? 'READ_ONLY',
      lifespan: 'DAYS_30',
      draft: [],
    },
    async (values) => {
      const { name, description, kind, lifespan } = values;
      const data = { name, kind, ...(kind === 'CUSTOM' && permissionsFor(base, new Map(values.draft))) };
      if (token) {
        const { updateApiToken } = await act(UpdateTokenDocument, {
          token: token.documentId,
          data: { ...data, description: description || null },
          at: readAt.current ?? null,
        }).catch(async (failure: unknown) => {
          if (!(failure instanceof Failure) || failure.at('ifUpdatedAt') === undefined) throw failure;
          // What somebody else changed is shown, below what is typed here. To save again is to have seen it.
          const { apiToken } = await ask(TokenDocument, { token: token.documentId });
          readAt.current = apiToken?.updatedAt;
          throw new Failure('', 'BAD_USER_INPUT', { faults: [{ path: [], message: tokens.changedMeanwhile }] });
        });
        readAt.current = updateApiToken?.updatedAt;
        say(common.saved);
        return;
      }
      const { createApiToken } = await act(CreateTokenDocument, {
        data: { ...data, lifespan, ...(description && { description }) },
      });
      if (createApiToken) setSecret({ ...createApiToken.token, secret: createApiToken.secret });
    },
    here,
  );
  const { values } = form;
  if (!form.dirty && !form.busy) readAt.current = token?.updatedAt;
  const save = async () => {
    // What was changed is what the token has now.
    if ((await form.save()) && token) form.reset({ ...values, draft: [] });
  };
  const draft: Draft = new Map(values.draft);
  const editing: Editing = {
    base,
    draft,
    mayChange,
    held: (action) => heldWith(base, draft, action),
    set: (changes) => form.set({ draft: [...drafted(base, draft, changes)] }),
  };
  const title = token?.name ?? tokens.create;
  useEffect(() => {
    if (token) visited({ title: token.name, to: here, kind: 'token' });
  }, [visited, token, here]);
  useShortcut('mod+s', () => void save(), mayChange && form.dirty);
  const publicRole = useData(PublicRoleDocument, {}, { pause: part === undefined });
  const [triedAs] = publicRole.data?.roles ?? [];
  if (!token && !mayChange) return <NotFound />;
  return (
    <Page
      title={title}
      parent={{ title: tokens.title, to: listAsLeft('/tokens') }}
      badge={token && <TokenStatus token={token} />}
      actions={
        token &&
        mayChange && (
          <>
            <Button icon="refresh" onClick={() => setAsked({ kind: 'regenerate', token })}>
              {tokens.regenerate}
            </Button>
            {token.status === 'ACTIVE' && (
              <Button icon="lock" onClick={() => setAsked({ kind: 'revoke', token })}>
                {tokens.revoke}
              </Button>
            )}
            <Button danger icon="trash" onClick={() => setAsked({ kind: 'delete', token })}>
              {tokens.delete}
            </Button>
          </>
        )
      }
    >
      {token && <AlsoOpen form={here} changed={form.dirty} />}
      {part === undefined ? (
        <>
          {token && <Facts token={token} />}
          {token && <p className="hint">{common.zone(zoneName())}</p>}
          {token && <Problems problems={token.problems} here={here} />}
          <About form={form} isNew={!token} mayChange={mayChange} onSave={save} />
          {values.kind === 'CUSTOM' && (
            <Section title={tokens.permissions} about={tokens.permissionsAbout} card={false}>
              <MatrixPart editing={editing} here={here} of={token?.documentId ?? 'new'} saved={token?.grants ?? []} />
            </Section>
          )}
        </>
      ) : (
        <>
          {triedAs ? (
            <GrantEditor
              key={part}
              action={part}
              holder={{ kind: 'token', documentId: token?.documentId ?? 'new', name: values.name || tokens.theToken }}
              previewRole={triedAs.documentId}
              editing={editing}
              back={here}
            />
          ) : (
            <Loading />
          )}
          <FailureNotice failure={publicRole.failure} />
        </>
      )}
      {mayChange && (form.dirty || !token) && (
        <section className="save-bar" aria-label={common.unsaved}>
          <FailureNotice failure={form.failure} shownAtFields={part === undefined ? ['name', 'description'] : []} />
          <div className="row apart">
            <span className="grow" role="status">
              {token ? common.unsaved : tokens.notYet}
              {values.kind === 'CUSTOM' && values.draft.length > 0 && ` · ${tokens.changes(values.draft.length)}`}
            </span>
            <span className="row">
              {form.dirty && <Button onClick={() => form.reset()}>{common.discard}</Button>}
              <Button look="primary" busy={form.busy} onClick={() => void save()}>
                {token ? common.save : tokens.create}
              </Button>
            </span>
          </div>
        </section>
      )}
      <TokenDialogs
        asked={asked}
        onClose={() => setAsked(undefined)}
        onDeleted={() => goTo(listAsLeft('/tokens'), { replace: true })}
      />
      {secret && (
        <SecretDialog
          name={secret.name}
          secret={secret.secret}
          onClose={() => {
            setSecret(undefined);
            goTo(`/tokens/${secret.documentId}`, { replace: true });
          }}
        />
      )}
    </Page>
  );
}

/** All actions of the token, and the rules that changed: those of the others stay. */
function permissionsFor(base: Holding, draft: Draft) {
  const held = new Map([...base, ...draft]);
  const actions = [...held].flatMap(([action, one]) => (one === 'none' ? [] : [action]));
  const { grants } = sentFor(base, draft);
  return { actions, grants };
}

function About({
  form,
  isNew,
  mayChange,
  onSave,
}: {
  readonly form: Form<Values>;
  readonly isNew: boolean;
  readonly mayChange: boolean;
  readonly onSave: () => Promise<void>;
}): ReactNode {
  const { tokens, common } = useWords();
  const { values } = form;
  return (
    <Section title={tokens.aboutTitle}>
      {!mayChange && <p className="soft">{common.readOnly}</p>}
      <form
        className="stack"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void onSave();
        }}
      >
        <TextField
          label={tokens.name}
          hint={tokens.nameHint}
          required
          readOnly={!mayChange}
          value={values.name}
          onChange={(name) => form.set({ name })}
          fault={form.fault('name')}
        />
        <TextAreaField
          label={tokens.description}
          rows={2}
          readOnly={!mayChange}
          value={values.description}
          onChange={(description) => form.set({ description })}
          fault={form.fault('description')}
        />
        <div className="columns">
          <SelectField
            label={tokens.kind}
            hint={tokens.kindsAbout[values.kind]}
            disabled={!mayChange}
            value={values.kind}
            onChange={(kind) => form.set({ kind })}
            options={(['READ_ONLY', 'CUSTOM', 'FULL_ACCESS'] as const).map((value) => ({
              value,
              label: tokens.kinds[value],
            }))}
          />
          {isNew && (
            <SelectField
              label={tokens.lifespan}
              hint={values.lifespan === 'UNLIMITED' ? tokens.unlimitedHint : undefined}
              value={values.lifespan}
              onChange={(lifespan) => form.set({ lifespan })}
              options={(['DAYS_7', 'DAYS_30', 'DAYS_90', 'UNLIMITED'] as const).map((value) => ({
                value,
                label: tokens.lifespans[value],
              }))}
            />
          )}
        </div>
      </form>
    </Section>
  );
}

function Facts({ token }: { readonly token: EditedTokenFragment }): ReactNode {
  const { tokens, common } = useWords();
  return (
    <dl className="facts card">
      <dt>{tokens.prefix}</dt>
      <dd>{token.importedFrom === null ? <code>{token.prefix}…</code> : tokens.fromStrapi}</dd>
      <dt>{tokens.createdAt}</dt>
      <dd>
        <Time at={token.createdAt} />
      </dd>
      <dt>{tokens.expires}</dt>
      <dd>{token.expiresAt ? <Time at={token.expiresAt} relative={false} /> : common.never}</dd>
      <dt>{tokens.lastUsed}</dt>
      <dd>
        {token.lastUsedAt ? <Time at={token.lastUsedAt} /> : common.never}
        {token.lastUsedFrom && <span className="soft"> · {token.lastUsedFrom}</span>}
      </dd>
      {token.revokedAt && (
        <>
          <dt>{tokens.revokedAt}</dt>
          <dd>
            <Time at={token.revokedAt} />
          </dd>
        </>
      )}
    </dl>
  );
}
