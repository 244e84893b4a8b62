import type { Words } from '../../words/words.ts';
import { changesOf, type Settings, type Values } from './values.ts';

/** What a change does that somebody may not expect. */
export function consequencesOf(
  settings: Settings,
  values: Values,
  words: Words,
  {
    unconfirmedUsers,
    mailServer,
  }: { readonly unconfirmedUsers: number | undefined; readonly mailServer: boolean | undefined },
): readonly string[] {
  const { consequences: then } = words.settings;
  const change = changesOf(settings, values).data;
  const shorter = (name: 'idleRefreshTokenLifespan' | 'adminIdleSessionLifespan') =>
    typeof change[name] === 'number' && change[name] < settings[name];
  const role = values.defaultRole?.label ?? settings.defaultRole.name;
  return [
    ...(change.signUps === false ? [then.signUpsOff] : []),
    ...(change.signUps === true ? [then.signUpsOn(role)] : []),
    ...(change.emailConfirmation === true ? [then.confirmationOn(unconfirmedUsers)] : []),
    ...(change.emailConfirmation === true && mailServer === false ? [then.noMailServer] : []),
    ...(change.emailConfirmation === false ? [then.confirmationOff] : []),
    ...(change.defaultRole === undefined ? [] : [then.defaultRole(role)]),
    ...(change.sessionMode === 'PLAIN' ? [then.plain] : []),
    ...(change.sessionMode === 'REFRESH' ? [then.refresh] : []),
    ...(change.refreshTokenInCookie === undefined ? [] : [then.cookie]),
    ...(shorter('idleRefreshTokenLifespan') ? [then.shorter] : []),
    ...(shorter('adminIdleSessionLifespan') ? [then.adminShorter] : []),
  ];
}
