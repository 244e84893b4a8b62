import type { IconName } from '../ui/icons.tsx';
import type { Words } from '../words/words.ts';

export interface Destination {
  readonly title: string;
  readonly to: string;
  readonly icon: IconName;
}

export interface Group {
  readonly title: string | undefined;
  readonly entries: readonly Destination[];
}

/** The screens of the navigation, in its order. Content types come from the server. */
export function navigation({ shell }: Words, content: readonly Destination[]): readonly Group[] {
  return [
    { title: undefined, entries: [{ title: shell.home, to: '/', icon: 'home' }] },
    ...(content.length > 0 ? [{ title: shell.content, entries: content }] : []),
    {
      title: shell.access,
      entries: [
        { title: shell.users, to: '/users', icon: 'users' },
        { title: shell.roles, to: '/roles', icon: 'shield' },
        { title: shell.tokens, to: '/tokens', icon: 'key' },
      ],
    },
    {
      title: shell.systemGroup,
      entries: [
        { title: shell.audit, to: '/audit', icon: 'log' },
        { title: shell.mails, to: '/mails', icon: 'mail' },
        { title: shell.settings, to: '/settings', icon: 'settings' },
        { title: shell.administrators, to: '/administrators', icon: 'admins' },
      ],
    },
  ];
}
