import type { IconName } from '../ui/icons.tsx';
import type { Words } from '../words/words.ts';

export interface Destination {
  readonly title: string;
  readonly to: string;
  readonly icon: IconName;
}

export interface Group {
  /** What its folding is kept by. */
  readonly id: string;
  readonly title: string | undefined;
  readonly entries: readonly Destination[];
}

/** The screens of the navigation, in its order. Content types come from the server. */
export function navigation({ shell }: Words, content: readonly Destination[]): readonly Group[] {
  return [
    { id: 'home', title: undefined, entries: [{ title: shell.home, to: '/', icon: 'home' }] },
    ...(content.length > 0 ? [{ id: 'content', title: shell.content, entries: content }] : []),
    {
      id: 'access',
      title: shell.access,
      entries: [
        { title: shell.users, to: '/users', icon: 'users' },
        { title: shell.roles, to: '/roles', icon: 'shield' },
        { title: shell.tokens, to: '/tokens', icon: 'key' },
      ],
    },
    {
      id: 'system',
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
