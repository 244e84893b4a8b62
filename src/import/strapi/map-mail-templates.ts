import type { MailPurpose } from '../../generated/prisma/client.ts';
import { faultsOfTemplate, MAILS, type Template } from '../../mail/templates.ts';
import type { ImportedMailTemplate } from '../accounts.ts';
import type { PlanNotes } from '../plan-notes.ts';
import type { StrapiProject } from './project.ts';
import { dataIn, textIn } from './stored-values.ts';

/** Strapi's mails, and what the code is called in them. */
const MAILS_OF_STRAPI: readonly { readonly key: string; readonly purpose: MailPurpose; readonly link: RegExp }[] = [
  {
    key: 'reset_password',
    purpose: 'resetPassword',
    link: /<%=\s*URL\s*%>\s*\?code=\s*<%=\s*TOKEN\s*%>/g,
  },
  {
    key: 'email_confirmation',
    purpose: 'confirmEmail',
    link: /<%=\s*URL\s*%>\s*\?confirmation=\s*<%=\s*CODE\s*%>/g,
  },
];

/**
 * The mails of Users & Permissions in our variables. Where a message has a variable that has no counterpart, the built-in message
 * stays, and only the subject comes.
 */
export function mapMailTemplates(
  { settings }: Pick<StrapiProject, 'settings'>,
  notes: PlanNotes,
): ImportedMailTemplate[] {
  const stored = dataIn(settings.get('plugin_users-permissions_email'));
  return MAILS_OF_STRAPI.flatMap(({ key, purpose, link }) => {
    const options = dataIn(dataIn(stored?.[key])?.['options']);
    if (!options) return [];
    loseSender(key, options, notes);
    const template = templateOf({ key, purpose, link }, options, notes);
    return template ? [{ purpose, ...template }] : [];
  });
}

function templateOf(
  { key, purpose, link }: (typeof MAILS_OF_STRAPI)[number],
  options: Readonly<Record<string, unknown>>,
  notes: PlanNotes,
): Template | undefined {
  const builtIn = MAILS[purpose].template;
  const html = translated(textIn(options['message']) ?? '', link);
  const subject = translated(textIn(options['object']) ?? '', link);
  const isValid = (template: Template) => faultsOfTemplate(purpose, template).length === 0;
  const foreign = [...new Set([...html.foreign, ...subject.foreign])];
  const whole = { subject: subject.words, text: textOfHtml(html.words), html: html.words };
  if (foreign.length === 0 && isValid(whole)) {
    notes.say(`The mail ${key} has the words that it has in Strapi.`);
    return whole;
  }
  const onlySubject = { ...builtIn, subject: subject.words };
  const subjectComes = subject.foreign.length === 0 && isValid(onlySubject);
  const why = foreign.length > 0 ? `${foreign.join(', ')} has no counterpart` : 'it is not valid here';
  notes.lose(
    subjectComes
      ? `the message of the mail ${key}: ${why}. The built-in message is sent, under the subject of Strapi`
      : `the mail ${key}: ${why}. The built-in mail is sent`,
  );
  return subjectComes ? onlySubject : undefined;
}

/** What has a counterpart. `<%= URL %>` alone is an address without its code. */
const VARIABLES: Readonly<Record<string, string>> = {
  TOKEN: '{{code}}',
  CODE: '{{code}}',
  SERVER_URL: '{{url}}',
  'USER.email': '{{email}}',
};

interface Translated {
  readonly words: string;
  /** What has no counterpart, if it looks like a variable: nothing else of a message is repeated. */
  readonly foreign: readonly string[];
}

function translated(words: string, link: RegExp): Translated {
  if (words.length > MOST_CHARACTERS) return { words: '', foreign: [] };
  const foreign = new Set<string>();
  // Braces that were only text there would be a variable here.
  if (/\{\{|\}\}/.test(words)) foreign.add('{{ or }}');
  const replaced = words
    .replaceAll(link, '{{link}}')
    .replaceAll(/<%[=-]?\s*([\w.]{1,100})\s*%>/g, (whole, name: string) => {
      const variable = Object.hasOwn(VARIABLES, name) ? VARIABLES[name] : undefined;
      if (variable === undefined) foreign.add(name);
      return variable ?? whole;
    });
  if (replaced.includes('<%') && foreign.size === 0) foreign.add('<% … %>');
  return { words: replaced, foreign: [...foreign] };
}

/** As many as a message can have here. */
const MOST_CHARACTERS = 100_000;

/** The same words without markup. The address of a link is behind it. */
function textOfHtml(html: string): string {
  const text = html
    .replaceAll(/<a\b[^>]*?\bhref\s*=\s*["']([^"'>]*)["'][^>]*>([^<]*)<\/a>/gi, (_, href: string, words: string) =>
      words.includes(href) ? words : `${words} ${href}`,
    )
    .replaceAll(/<br\s*\/?>/gi, '\n')
    .replaceAll(/<\/(?:p|div|h\d|li|tr)>\s*/gi, '\n\n')
    .replaceAll(/<[^>]*>/g, '')
    .replaceAll('&nbsp;', ' ')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&')
    .replaceAll(/\n{3,}/g, '\n\n')
    .trim();
  return html.includes('{{link}}') && !text.includes('{{link}}') ? `${text}\n\n{{link}}` : text;
}

/** All mails come from MAIL_FROM here. */
function loseSender(key: string, options: Readonly<Record<string, unknown>>, notes: PlanNotes): void {
  const email = textIn(dataIn(options['from'])?.['email']);
  const isOwn = email !== undefined && email !== 'no-reply@strapi.io';
  if (isOwn || textIn(options['response_email'])) {
    notes.lose(`the sender of the mail ${key}: the variable MAIL_FROM has the one of all mails`);
  }
}
