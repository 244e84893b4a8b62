import type { MailPurpose } from '../../generated/graphql.ts';

type Named = Readonly<Record<MailPurpose, { readonly title: string; readonly about: string }>>;

const purposes: Named = {
  CONFIRM_EMAIL: {
    title: 'Confirm an address',
    about: 'To somebody who registers, if addresses have to be confirmed.',
  },
  RESET_PASSWORD: { title: 'Reset a password', about: 'To a user who forgot the password.' },
  CHANGE_EMAIL: { title: 'Confirm a new address', about: 'To the new address of a user who changes it.' },
  EMAIL_CHANGE_REQUESTED: {
    title: 'Change of the address requested',
    about: 'To the old address, when a change is requested.',
  },
  EMAIL_CHANGED: { title: 'Address changed', about: 'To the old address, after the change.' },
  INVITATION: {
    title: 'Invitation of a user',
    about: 'To a user whom an administrator created, to choose a password.',
  },
  USER_INVITATION: {
    title: 'Invitation',
    about: 'To somebody without an account, who chooses a username and a password.',
  },
  ADMIN_INVITATION: { title: 'Invitation of an administrator', about: 'To a new administrator, to choose a password.' },
  ADMIN_RESET_PASSWORD: {
    title: 'Reset an administrator’s password',
    about: 'To an administrator who forgot the password.',
  },
  LOGIN_CODE: { title: 'Code to log in', about: 'To a user who asked for a code in place of the password.' },
  IDENTITY_LINKED: {
    title: 'Login provider linked',
    about: 'To a user whose account can be logged in to with a provider now.',
  },
  IDENTITY_UNLINKED: {
    title: 'Login provider unlinked',
    about: 'To a user whose account can be logged in to with a provider no more.',
  },
  SECOND_FACTOR_ADDED: { title: 'Second factor added', about: 'To a person who set up a second factor.' },
  SECOND_FACTOR_REMOVED: { title: 'Second factor removed', about: 'To a person who removed their second factor.' },
  SECOND_FACTOR_RESET: {
    title: 'Second factor removed by an administrator',
    about: 'To a person whose second factor an administrator removed.',
  },
  BACKUP_CODES_REPLACED: { title: 'New backup codes', about: 'To a person who replaced their backup codes.' },
  PASSKEY_ADDED: { title: 'Passkey added', about: 'To a user who added a passkey.' },
  PASSKEY_REMOVED: { title: 'Passkey removed', about: 'To a user who removed a passkey.' },
  STEP_UP_CODE: { title: 'Code to confirm a change', about: 'To a user without a password, before a sensitive act.' },
  NEW_DEVICE: {
    title: 'Login from a new device',
    about: 'To a user who logged in from a device that they did not use before, if the setting is on.',
  },
  DELETION_REQUESTED: {
    title: 'Account will be deleted',
    about: 'To a user who asked for that, if accounts are kept for some days.',
  },
  ACCOUNT_DELETED: { title: 'Account deleted', about: 'To a user whose account was deleted as they asked.' },
  PASSWORD_CHANGED: { title: 'Password changed', about: 'To a user whose password was changed.' },
};

export const mails = {
  about: 'The words of every mail that the server sends. It sends its own ones until you write others.',
  purposes,
  purpose: 'Mail',
  words: 'Words',
  builtIn: 'Built-in words',
  own: 'Your words',
  noMailServer:
    'There is no mail server (SMTP_URL). Mails are written to the folder “outbox” of DATA_DIR, and sent to nobody.',
  subject: 'Subject',
  text: 'Text',
  html: 'HTML',
  textHint: 'For mail programs that show no HTML.',
  htmlHint: 'With styles in the text, as mail programs need them. Values of variables are escaped.',
  variables: 'Variables',
  variablesAbout: (field: string) => `Press one to insert it at the caret of “${field}”.`,
  insert: (name: string) => `Insert {{${name}}}`,
  variable: {
    link: 'the link with the code',
    code: 'the code alone, for a link of your own',
    email: 'the address of the account',
    newEmail: 'the new address of the account',
    provider: 'the name of the login provider',
    date: 'the day or the time, in UTC',
    device: 'the browser and the system',
    address: 'the network address',
    url: 'this server as its clients see it',
  } as Readonly<Record<string, string>>,
  preview: 'Preview',
  previewAbout: 'With example values, also of what is not saved yet.',
  previewOld: 'The preview is of the words before that.',
  htmlPreview: 'The mail as HTML',
  image: (text: string) => (text ? `[image: ${text}]` : '[image]'),
  cannotShow: 'This browser cannot show the HTML of a mail safely. Below is its source.',
  test: 'Send a test mail',
  testTo: (email: string) => `To ${email}`,
  changedMeanwhile:
    'Somebody else changed this mail meanwhile. Compare it with what you typed, and save again to replace theirs.',
  theirs: (part: string) => `${part}, as it is saved now`,
  testSaved: 'It has the saved words. Save yours first.',
  sent: (email: string) => `The test mail was sent to ${email}.`,
  restore: 'Restore the built-in words',
  restoreTitle: 'Restore the built-in words?',
  restoreAbout: 'Your words for this mail are deleted. The audit log keeps them.',
  restored: 'The mail has its built-in words again.',
};
