import { sendTestMail, setMailTemplate } from '../../administration/set-mail-template.ts';
import { invalidInput } from '../../common/errors.ts';
import type { MailPurpose } from '../../generated/prisma/client.ts';
import {
  faultsOfTemplate,
  MAIL_PURPOSES,
  MAILS,
  type MailVariable,
  type Template,
  VARIABLES,
} from '../../mail/templates.ts';
import type { Builder } from '../builder.ts';
import { type AdminServices, byAdmin } from './services.ts';

interface MailTemplate extends Template {
  readonly purpose: MailPurpose;
  readonly isBuiltIn: boolean;
}

/** Adds the queries and mutations of mail templates: list, preview, set, reset and test. */
export function addMailTemplates(builder: Builder, services: AdminServices): void {
  const { prisma, mails } = services;
  const purpose = builder.enumType('MailPurpose', {
    values: Object.fromEntries(
      MAIL_PURPOSES.map((value) => [value.replaceAll(/(?=[A-Z])/g, '_').toUpperCase(), { value }]),
    ) as Record<string, { value: MailPurpose }>, // entries lose the type of their values
  });
  const variable = builder.objectRef<MailVariable>('MailVariable').implement({
    fields: (t) => ({
      name: t.string({ nullable: false, description: 'Its name, without braces.', resolve: (name) => name }),
      description: t.string({ nullable: false, resolve: (name) => VARIABLES[name] }),
    }),
  });
  const template = builder.objectRef<MailTemplate>('MailTemplate').implement({
    fields: (t) => ({
      purpose: t.expose('purpose', { type: purpose, nullable: false }),
      subject: t.exposeString('subject', { nullable: false }),
      text: t.exposeString('text', { nullable: false }),
      html: t.exposeString('html', { nullable: false }),
      isBuiltIn: t.exposeBoolean('isBuiltIn', { nullable: false }),
      variables: t.field({
        type: [variable],
        nullable: false,
        description: 'The variables that it can contain, as {{name}}.',
        resolve: ({ purpose }) => [...MAILS[purpose].variables],
      }),
    }),
  });
  const preview = builder.objectRef<Template>('MailPreview').implement({
    fields: (t) => ({
      subject: t.exposeString('subject', { nullable: false }),
      text: t.exposeString('text', { nullable: false }),
      html: t.exposeString('html', { nullable: false }),
    }),
  });
  const words = builder.inputType('MailTemplateInput', {
    fields: (t) => ({
      subject: t.string({ required: true }),
      text: t.string({ required: true }),
      html: t.string({ required: true }),
    }),
  });

  async function templateOf(purpose: MailPurpose): Promise<MailTemplate> {
    const own = await prisma.mailTemplate.findUnique({ where: { purpose } });
    return { ...(own ?? MAILS[purpose].template), purpose, isBuiltIn: own === null };
  }

  builder.queryField('mailTemplates', (t) =>
    t.field({
      type: [template],
      nullable: { list: true, items: false },
      authScopes: { action: 'mailTemplate.find' },
      resolve: async () => {
        const own = await prisma.mailTemplate.findMany();
        return MAIL_PURPOSES.map((purpose) => {
          const changed = own.find((one) => one.purpose === purpose);
          return { ...(changed ?? MAILS[purpose].template), purpose, isBuiltIn: changed === undefined };
        });
      },
    }),
  );
  builder.queryField('previewMailTemplate', (t) =>
    t.field({
      type: preview,
      nullable: true,
      description: 'A mail with example values, in these words or in the current ones.',
      authScopes: { action: 'mailTemplate.preview' },
      args: { purpose: t.arg({ type: purpose, required: true }), words: t.arg({ type: words }) },
      resolve: (_root, { purpose, words }) => {
        const faults = words ? faultsOfTemplate(purpose, words) : [];
        if (faults.length > 0) throw invalidInput(faults);
        return mails.sample(purpose, 'somebody@example.com', words ?? undefined);
      },
    }),
  );
  builder.mutationField('setMailTemplate', (t) =>
    t.field({
      type: template,
      nullable: true,
      authScopes: { action: 'mailTemplate.set' },
      args: {
        purpose: t.arg({ type: purpose, required: true }),
        words: t.arg({ type: words, required: true }),
        was: t.arg({
          type: words,
          description:
            'The texts as they were read. If one of them is another one now, nothing is changed, and the error is at it.',
        }),
      },
      resolve: async (_root, { purpose, words, was }, context) => {
        await setMailTemplate(services, byAdmin(context), purpose, words, was ?? undefined);
        return templateOf(purpose);
      },
    }),
  );
  builder.mutationField('resetMailTemplate', (t) =>
    t.field({
      type: template,
      nullable: true,
      description: 'Restores the built-in words.',
      authScopes: { action: 'mailTemplate.reset' },
      args: { purpose: t.arg({ type: purpose, required: true }) },
      resolve: async (_root, { purpose }, context) => {
        await setMailTemplate(services, byAdmin(context), purpose, undefined);
        return templateOf(purpose);
      },
    }),
  );
  const sent = builder.objectRef<{ readonly to: string }>('SentMail').implement({
    fields: (t) => ({ to: t.exposeString('to', { nullable: false }) }),
  });
  builder.mutationField('sendTestMail', (t) =>
    t.field({
      type: sent,
      nullable: true,
      description: 'Sends a mail with example values to the administrator of the token.',
      authScopes: { action: 'mailTemplate.test' },
      args: { purpose: t.arg({ type: purpose, required: true }) },
      resolve: async (_root, { purpose }, context) => {
        const by = byAdmin(context);
        const to = by.actor.name ?? ''; // the name of an administrator in the audit log is the e-mail address
        await sendTestMail(services, by, purpose, to);
        return { to };
      },
    }),
  );
}
