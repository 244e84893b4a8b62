import { type ReactNode, useState } from 'react';
import { act, useData, useMayChange } from '../../api/hooks.ts';
import {
  DeleteLoginProviderDocument,
  type LoginProviderFieldsFragment,
  LoginProvidersDocument,
  TryLoginProviderDocument,
} from '../../generated/graphql.ts';
import { Button } from '../../ui/button.tsx';
import { ConfirmDialog } from '../../ui/dialog.tsx';
import { RowMenu } from '../../ui/menu.tsx';
import { Badge, FailureNotice } from '../../ui/notice.tsx';
import { Section } from '../../ui/page.tsx';
import { Table } from '../../ui/table.tsx';
import { say } from '../../ui/toasts.tsx';
import { useWords } from '../../words/words.ts';
import { EditLoginProvider, NewLoginProvider } from './login-provider-dialogs.tsx';

type Provider = LoginProviderFieldsFragment;
type Open = { readonly kind: 'edit' | 'delete'; readonly provider: Provider };

/** The login providers: what is set up, and what is missing. */
export function LoginProviders(): ReactNode {
  const { loginProviders: words, common } = useWords();
  const mayChange = useMayChange();
  const { data, failure, reload } = useData(LoginProvidersDocument, {});
  const [isCreating, setCreating] = useState(false);
  const [open, setOpen] = useState<Open>();
  const [tryFailure, setTryFailure] = useState<unknown>();
  const providers = data?.loginProviders ?? [];
  const close = () => setOpen(undefined);
  const name = open?.provider.label ?? '';

  async function tryIt({ name }: Provider): Promise<void> {
    setTryFailure(undefined);
    try {
      const { tryLoginProvider } = await act(TryLoginProviderDocument, { name });
      if (tryLoginProvider) window.open(tryLoginProvider.url, '_blank', 'noopener');
    } catch (error) {
      setTryFailure(error);
    }
  }

  return (
    <Section
      title={words.title}
      about={words.about}
      actions={
        mayChange && (
          <Button icon="plus" onClick={() => setCreating(true)}>
            {words.create}
          </Button>
        )
      }
    >
      <FailureNotice failure={failure ?? tryFailure} />
      {data && providers.length === 0 && <p className="soft">{words.none}</p>}
      {providers.length > 0 && (
        <Table
          label={words.title}
          rows={providers}
          idOf={({ name }) => name}
          nameOf={({ label }) => label}
          columns={[
            {
              key: 'label',
              title: words.provider,
              cell: ({ label, name }) => (
                <span className="stack tight">
                  <span>{label}</span>
                  <code className="small">{name}</code>
                </span>
              ),
            },
            { key: 'state', title: words.state, cell: (provider) => <State provider={provider} /> },
            { key: 'linking', title: words.linking, cell: ({ linking }) => words.linkings[linking] },
          ]}
          {...(mayChange && {
            actions: (provider: Provider) => (
              <RowMenu
                name={provider.label}
                entries={[
                  { label: common.edit, icon: 'edit', run: () => setOpen({ kind: 'edit', provider }) },
                  {
                    label: words.tryIt,
                    icon: 'out',
                    disabled: provider.problems.length > 0 ? words.incomplete : undefined,
                    run: () => void tryIt(provider),
                  },
                  'line',
                  {
                    label: common.delete,
                    icon: 'trash',
                    danger: true,
                    disabled: provider.fromEnvironment ? words.fromEnvironment : undefined,
                    run: () => setOpen({ kind: 'delete', provider }),
                  },
                ]}
              />
            ),
          })}
        />
      )}
      {isCreating && (
        <NewLoginProvider
          taken={providers.map(({ name }) => name)}
          onClose={() => setCreating(false)}
          onDone={(provider) => {
            reload();
            setOpen({ kind: 'edit', provider });
          }}
        />
      )}
      {open?.kind === 'edit' && <EditLoginProvider provider={open.provider} onClose={close} onDone={reload} />}
      <ConfirmDialog
        open={open?.kind === 'delete'}
        onClose={close}
        title={words.deleteTitle(name)}
        confirm={common.delete}
        type={open?.provider.name ?? ''}
        act={async () => {
          if (!open) return;
          await act(DeleteLoginProviderDocument, { name: open.provider.name });
          say(words.deleted(name));
          reload();
        }}
      >
        <p>{words.deleteAbout}</p>
      </ConfirmDialog>
    </Section>
  );
}

function State({ provider: { enabled, problems, fromEnvironment } }: { readonly provider: Provider }): ReactNode {
  const { loginProviders: words } = useWords();
  return (
    <span className="stack tight">
      <span className="row">
        {enabled && problems.length === 0 ? (
          <Badge kind="good">{words.on}</Badge>
        ) : (
          <Badge>{enabled ? words.incomplete : words.off}</Badge>
        )}
      </span>
      {problems.length > 0 && (
        <span className="hint">
          {words.missing} {problems.map((problem) => words.fields[problem] ?? problem).join(', ')}
        </span>
      )}
      {fromEnvironment && <span className="hint">{words.fromEnvironment}</span>}
    </span>
  );
}
