import { closeForm, type FormEditor, keepFormOpen } from '../../administration/open-forms.ts';
import { askedByAdministrator } from '../../authentication/asked-by.ts';
import type { DynamicBuilder } from '../content-type/content-schema.ts';
import type { OkType } from './ok-payload.ts';
import type { AdminServices } from './services.ts';

const FORM =
  'What clients call the form, in 1 to 200 characters of ASCII, without spaces. The panel takes its address: `/roles/abc`.';

/** Who has a form open, so that two administrators who edit the same thing know it. Not for READ_ONLY, which edits nothing. */
export function addOpenForms(builder: DynamicBuilder, ok: OkType, services: AdminServices): void {
  const editor = builder.objectRef<FormEditor>('FormEditor').implement({
    description: 'Another administrator who has a form open.',
    fields: (t) => ({
      documentId: t.exposeID('documentId', { nullable: false }),
      name: t.exposeString('name', { nullable: false }),
      changed: t.exposeBoolean('changed', { nullable: false, description: 'Whether something in it is not saved.' }),
      since: t.expose('since', { type: 'DateTime', nullable: false, description: 'When it was opened.' }),
    }),
  });
  builder.mutationField('keepFormOpen', (t) =>
    t.field({
      type: [editor],
      nullable: { list: true, items: false },
      description:
        'Notes for ninety seconds that the administrator of the token has a form open, and returns the others who have it open, up to ten. Clients repeat it while the form is open. An administrator has at most twenty; one more takes the place of the one that ends first.',
      authScopes: { action: 'form.keepOpen' },
      args: {
        form: t.arg.string({ required: true, description: FORM }),
        changed: t.arg.boolean({ required: true, description: 'Whether something in it is not saved.' }),
      },
      resolve: async (_root, { form, changed }, context) => [
        ...(await keepFormOpen(services, { form, changed }, askedByAdministrator(context))),
      ],
    }),
  );
  builder.mutationField('closeForm', (t) =>
    t.field({
      type: ok,
      nullable: true,
      description: 'Notes that the administrator of the token has closed a form.',
      authScopes: { action: 'form.close' },
      args: { form: t.arg.string({ required: true, description: FORM }) },
      resolve: async (_root, { form }, context) => {
        await closeForm(services, form, askedByAdministrator(context));
        return { ok: true };
      },
    }),
  );
}
