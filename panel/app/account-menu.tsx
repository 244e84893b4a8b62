import { type ReactNode, useState } from 'react';
import { ENDPOINT } from '../api/base.ts';
import { useData, useMe } from '../api/hooks.ts';
import { logOut } from '../api/log-in.ts';
import { ServerLinksDocument } from '../generated/graphql.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Icon } from '../ui/icons.tsx';
import { goTo, leaveFor } from '../ui/leave-guard.ts';
import { Menu } from '../ui/menu.tsx';
import { LANGUAGES, type Language, useLanguage, useWords } from '../words/words.ts';
import { usePreferences } from './preferences.tsx';

/** What is one's own: the account, the look and the language; and the ways out of the panel. */
export function AccountMenu(): ReactNode {
  const words = useWords();
  const language = useLanguage();
  const me = useMe();
  const { theme, set } = usePreferences();
  const { shell, home } = words;
  const { data } = useData(ServerLinksDocument, {});
  const [isDocumentationOpen, setDocumentationOpen] = useState(false);
  return (
    <>
      <Menu
        label={shell.account}
        trigger={
          <Button small icon="me" aria-label={`${shell.account}: ${me.name}`}>
            <span className="hide-narrow">{me.name}</span>
            <Icon name="down" size={14} />
          </Button>
        }
        entries={[
          { label: shell.own, icon: 'me', run: () => goTo('/account') },
          'line',
          {
            label: home.playground,
            icon: 'play',
            disabled: data?.serverInfo?.playground === false ? home.noPlayground : undefined,
            run: () => window.open(ENDPOINT.replace(/\/admin\/graphql$/, '/graphql'), '_blank', 'noopener,noreferrer'),
          },
          { label: home.documentation, icon: 'log', run: () => setDocumentationOpen(true) },
          'line',
          ...(
            [
              ['light', 'sun', shell.light],
              ['dark', 'moon', shell.dark],
              ['system', 'system', shell.system],
            ] as const
          ).map(([value, icon, label]) => ({
            label: value === theme ? `${label} ✓` : label,
            icon,
            run: () => set({ theme: value }),
          })),
          'line',
          ...(Object.keys(LANGUAGES) as Language[]).map((one) => ({
            label: one === language ? `${LANGUAGES[one]} ✓` : LANGUAGES[one],
            run: () => set({ language: one }),
          })),
          'line',
          { label: shell.logOut, icon: 'out', run: () => leaveFor(() => void logOut()) },
        ]}
      />
      <Dialog open={isDocumentationOpen} onClose={() => setDocumentationOpen(false)} title={home.documentation}>
        <p>{home.documentationAbout}</p>
      </Dialog>
    </>
  );
}
