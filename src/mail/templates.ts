import type { Fault } from '../common/errors.ts';
import { charactersIn } from '../common/text-length.ts';
import type { MailPurpose } from '../generated/prisma/client.ts';

/** The texts of a mail. Variables such as `{{link}}` are replaced; there is no other syntax. */
export interface Template {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

/** The values of a mail's variables. */
export type MailValues = Readonly<Partial<Record<MailVariable, string>>>;

export type MailVariable = keyof typeof VARIABLES;

export const VARIABLES = {
  link: 'the link with the code',
  code: 'the code alone, for a link of your own',
  email: 'the address of the account',
  newEmail: 'the new address of the account',
  provider: 'the name of the login provider',
  date: 'the day or the time, in UTC',
  device: 'the browser and the system',
  address: 'the network address',
  url: 'this server as its clients see it',
} as const;

interface MailKind {
  readonly variables: readonly MailVariable[];
  /** Whether the mail must contain its link or code. */
  readonly needsCode: boolean;
  readonly template: Template;
}

// No mail contains a username: anybody can register a stranger's address and would choose text in their mailbox.

/** Every mail with its built-in template and variables. */
export const MAILS: Readonly<Record<MailPurpose, MailKind>> = {
  confirmEmail: withCode({
    subject: 'Confirm your e-mail address',
    reason: 'Somebody, we hope you, created an account with this e-mail address. Please confirm that it is yours:',
    button: 'Confirm this address',
    otherwise: 'The link works once, for 24 hours. If it was not you, do nothing: the account stays closed.',
  }),
  resetPassword: withCode({
    subject: 'Choose a new password',
    reason: 'Somebody, we hope you, asked for a new password for your account:',
    button: 'Choose a new password',
    otherwise: 'The link works once, for one hour. If it was not you, do nothing: your password stays as it is.',
  }),
  changeEmail: withCode({
    subject: 'Confirm your new e-mail address',
    reason:
      'Somebody, we hope you, wants this to be the e-mail address of their account. Please confirm that it is yours:',
    button: 'Confirm this address',
    otherwise: 'The link works once, for 24 hours. If it was not you, do nothing: your address is not used.',
  }),
  emailChangeRequested: notice(
    {
      subject: 'Somebody asked to change your e-mail address',
      what: 'Somebody, we hope you, asked for another e-mail address for your account: {{newEmail}}. It changes when that address is confirmed.',
      otherwise: 'If it was not you, change your password now: that stops it.',
    },
    'newEmail',
  ),
  emailChanged: notice(
    {
      subject: 'Your e-mail address was changed',
      what: 'Your account has a new e-mail address: {{newEmail}}. Mails no longer come here.',
      otherwise: 'If it was not you, contact the operator of {{url}}.',
    },
    'newEmail',
  ),
  invitation: withCode({
    subject: 'Your account is ready',
    reason: 'Somebody who runs {{url}} created an account for you. Please choose a password for it:',
    button: 'Choose a password',
    otherwise: 'The link works once, for seven days. If you expected no account, do nothing.',
  }),
  userInvitation: withCode({
    subject: 'You are invited',
    reason: 'Somebody invited you to {{url}}. To accept, choose a username and a password:',
    button: 'Accept the invitation',
    otherwise: 'The link works once. If you do not know what this is about, do nothing: there is no account.',
  }),
  adminInvitation: withCode({
    subject: 'You are an administrator now',
    reason: 'Somebody made you an administrator of {{url}}. Please choose a password:',
    button: 'Choose a password',
    otherwise: 'The link works once, for seven days. If you did not expect this, contact the operator of that server.',
  }),
  adminResetPassword: withCode({
    subject: 'Choose a new password for the administration',
    reason: 'Somebody, we hope you, asked for a new password for the administration of {{url}}:',
    button: 'Choose a new password',
    otherwise: 'The link works once, for one hour. If it was not you, do nothing: your password stays as it is.',
  }),
  secondFactorAdded: notice({
    subject: 'Your account has a second factor now',
    what: 'An app that shows codes was added to your account. From now on, a login asks for a code.',
    otherwise: 'If it was not you, contact the operator of {{url}} now.',
  }),
  secondFactorRemoved: notice({
    subject: 'The second factor of your account was removed',
    what: 'A login to your account no longer asks for a code, and the backup codes no longer work.',
    otherwise: 'If it was not you, change your password now, and set up a second factor again.',
  }),
  secondFactorReset: notice({
    subject: 'The second factor of your account was removed for you',
    what: 'Somebody who runs {{url}} removed the second factor of your account. A login no longer asks for a code. Wherever you were logged in, you have to log in again.',
    otherwise: 'If you did not ask for it, contact the operator of {{url}} now.',
  }),
  backupCodesReplaced: notice({
    subject: 'Your account has new backup codes',
    what: 'New backup codes were made for your account. The older ones no longer work.',
    otherwise: 'If it was not you, change your password now, and make new codes.',
  }),
  passkeyAdded: notice({
    subject: 'Your account has a new passkey',
    what: 'A passkey was added to your account. Your account can be logged in to with it.',
    otherwise:
      'If it was not you, remove it now, choose a new password with “forgot password”, and log out everywhere.',
  }),
  passkeyRemoved: notice({
    subject: 'A passkey of your account was removed',
    what: 'Your account cannot be logged in to with it any more.',
    otherwise: 'If it was not you, choose a new password with “forgot password” now.',
  }),
  passwordChanged: notice({
    subject: 'Your password was changed',
    what: 'The password of your account was changed. Wherever you were logged in, you have to log in again.',
    otherwise: 'If it was not you, choose a new one with “forgot password” now, and look after your mailbox.',
  }),
  loginCode: {
    variables: ['link', 'code', 'email', 'url'],
    needsCode: true,
    template: {
      subject: 'Your code to log in',
      text: 'Hello,\n\nYour code to log in to {{url}} is:\n\n{{code}}\n\nType it where you asked for it, or open {{link}}\n\nIt works once, for ten minutes. Nobody who runs the server asks you for it. If it was not you, do nothing.\n',
      html: page(`<p>Your code to log in to {{url}} is:</p>
<p style="font-size: 1.6em; letter-spacing: 0.15em">{{code}}</p>
<p>Type it where you asked for it, or <a href="{{link}}">open this page</a>.</p>
<p style="color: #666">It works once, for ten minutes. Nobody who runs the server asks you for it. If it was not you, do nothing.</p>`),
    },
  },
  stepUpCode: {
    variables: ['code', 'email', 'url'],
    needsCode: true,
    template: {
      subject: 'Your code to confirm a change',
      text: 'Hello,\n\nYour code to confirm a change of your account at {{url}} is:\n\n{{code}}\n\nType it where you asked for it. It works once, for ten minutes. Nobody who runs the server asks you for it. If it was not you, log out everywhere.\n',
      html: page(`<p>Your code to confirm a change of your account at {{url}} is:</p>
<p style="font-size: 1.6em; letter-spacing: 0.15em">{{code}}</p>
<p>Type it where you asked for it.</p>
<p style="color: #666">It works once, for ten minutes. Nobody who runs the server asks you for it. If it was not you, log out everywhere.</p>`),
    },
  },
  newDevice: {
    variables: ['link', 'code', 'email', 'device', 'address', 'date', 'url'],
    needsCode: true,
    template: {
      subject: 'A login from a new device',
      text: 'Hello,\n\nSomebody, we hope you, logged in to your account at {{url}} from a device that you did not use before: {{device}}, from {{address}}, {{date}}.\n\nIf it was you, do nothing. If it was not you, open this page, which ends all sessions and mails you a link to choose another password:\n\n{{link}}\n',
      html: page(`<p>Somebody, we hope you, logged in to your account at {{url}} from a device that you did not use before:</p>
<p>{{device}}, from {{address}}, {{date}}</p>
<p>If it was you, do nothing. If it was not you, <a href="{{link}}">say so</a>: that ends all sessions and mails you a link to choose another password.</p>`),
    },
  },
  deletionRequested: notice(
    {
      subject: 'Your account will be deleted',
      what: 'You asked to delete your account at {{url}}. It will be deleted on {{date}}. To keep it, log in before that day.',
      otherwise: 'If it was not you, log in and change your password now.',
    },
    'date',
  ),
  accountDeleted: notice({
    subject: 'Your account was deleted',
    what: 'Your account at {{url}} was deleted, as you asked. This is the last mail about it.',
    otherwise: 'If it was not you, contact the operator of {{url}}.',
  }),
  identityLinked: notice(
    {
      subject: 'Another way to log in to your account',
      what: 'Your account can be logged in to with {{provider}} now.',
      otherwise: 'If it was not you, choose a new password with “forgot password” now, and unlink {{provider}}.',
    },
    'provider',
  ),
  identityUnlinked: notice(
    {
      subject: 'One way less to log in to your account',
      what: 'Your account cannot be logged in to with {{provider}} any more.',
      otherwise: 'If it was not you, choose a new password with “forgot password” now.',
    },
    'provider',
  ),
};

/** Every mail. */
export const MAIL_PURPOSES = Object.keys(MAILS) as MailPurpose[]; // a constant has no other keys

/**
 * Validates a template: no unknown variables, the link or code where it is needed, a one-line subject, bounded lengths.
 */
export function faultsOfTemplate(purpose: MailPurpose, template: Template): Fault[] {
  const { variables, needsCode } = MAILS[purpose];
  const faults: Fault[] = [];
  const known: readonly string[] = variables;
  for (const part of ['subject', 'text', 'html'] as const) {
    const words = template[part];
    if (words.trim() === '') faults.push({ path: [part], message: `${part} is a required field` });
    if (charactersIn(words, MAX_CHARACTERS[part]) > MAX_CHARACTERS[part]) {
      faults.push({ path: [part], message: `${part} must be at most ${MAX_CHARACTERS[part]} characters` });
      continue;
    }
    const names = variablesIn(words);
    if (names.length > MAX_VARIABLES) {
      faults.push({ path: [part], message: `${part} must have at most ${MAX_VARIABLES} variables` });
    }
    if (names.some((name) => !known.includes(name))) {
      const has = variables.map((variable) => `{{${variable}}}`).join(', ');
      faults.push({ path: [part], message: `${part} has a variable that this mail does not have: it has ${has}` });
    }
    const coded = words.includes('{{link}}') || words.includes('{{code}}');
    if (needsCode && part !== 'subject' && !coded) {
      faults.push({ path: [part], message: `${part} must have {{link}} or {{code}}` });
    }
    if (part === 'subject' && coded)
      faults.push({ path: [part], message: 'subject must have neither {{link}} nor {{code}}' });
  }
  if (/\p{Cc}|\p{Zl}|\p{Zp}/u.test(template.subject))
    faults.push({ path: ['subject'], message: 'subject must be one line' });
  return faults;
}

/** The limits of a template, in characters. */
const MAX_CHARACTERS = { subject: 255, text: 20_000, html: 100_000 } as const;
/** Bounds the size of a mail: each variable may be a link of two thousand characters. */
const MAX_VARIABLES = 100;

/** The variable names in a template. Not a regular expression: it would take quadratic time on many opening braces. */
function variablesIn(words: string): string[] {
  const names: string[] = [];
  for (let open = words.indexOf('{{'); open !== -1; ) {
    const close = words.indexOf('}}', open + 2);
    if (close === -1) break;
    names.push(words.slice(open + 2, close));
    open = words.indexOf('{{', close + 2);
  }
  return names;
}

/** Fills in the variables in one pass, so that values are never expanded. Values are escaped in HTML. */
export function filledIn({ subject, text, html }: Template, values: MailValues): Template {
  const fill = (words: string, as: (value: string) => string) =>
    words.replaceAll(
      /\{\{(\w+)\}\}/g,
      (whole, name: string) => (Object.hasOwn(values, name) ? as(values[name as MailVariable] ?? '') : whole), // it has just been found there
    );
  return {
    subject: fill(subject, (value) => value.replaceAll(/\p{Cc}|\p{Zl}|\p{Zp}/gu, ' ')),
    text: fill(text, (value) => value),
    html: fill(html, escaped),
  };
}

function withCode(words: {
  readonly subject: string;
  readonly reason: string;
  readonly button: string;
  readonly otherwise: string;
}): MailKind {
  const { subject, reason, button, otherwise } = words;
  return {
    variables: ['link', 'code', 'email', 'url'],
    needsCode: true,
    template: {
      subject,
      text: `Hello,\n\n${reason}\n\n{{link}}\n\n${otherwise}\n`,
      html: page(`<p>${reason}</p>
<p><a href="{{link}}" style="display: inline-block; padding: 0.6em 1.2em; background: #1a56db; color: #fff; text-decoration: none; border-radius: 4px">${button}</a></p>
<p>Or open this address: <a href="{{link}}">{{link}}</a></p>
<p style="color: #666">${otherwise}</p>`),
    },
  };
}

function notice(
  words: { readonly subject: string; readonly what: string; readonly otherwise: string },
  ...more: readonly MailVariable[]
): MailKind {
  const { subject, what, otherwise } = words;
  return {
    variables: ['email', 'url', ...more],
    needsCode: false,
    template: {
      subject,
      text: `Hello,\n\n${what}\n\n${otherwise}\n`,
      html: page(`<p>${what}</p>\n<p>${otherwise}</p>`),
    },
  };
}

function page(body: string): string {
  return `<!doctype html>
<html lang="en">
<body style="font-family: sans-serif; line-height: 1.5; color: #222">
<p>Hello,</p>
${body}
</body>
</html>
`;
}

function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}
