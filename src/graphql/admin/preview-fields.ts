import { MAX_PREVIEWED, previewDocuments } from '../../administration/preview-documents.ts';
import {
  type GrantProblem,
  type PermissionsPreview,
  type PreviewLine,
  previewPermissions,
} from '../../administration/preview-permissions.ts';
import type { ListedRow } from '../../authorization/rules.ts';
import { documentKey } from '../../database/document-key.ts';
import type { Builder } from '../builder.ts';
import { type DynamicBuilder, dynamic } from '../content-type/content-schema.ts';
import { type Cost, DATABASE_COST, MAX_ROWS, type MaxRows } from '../operation/cost.ts';
import type { GrantTypes } from './grant-fields.ts';
import { GRANTS, grantsIn, readGrantsOfActions } from './grant-input.ts';
import { GRANTS_OF_ACTIONS } from './role-fields.ts';
import type { AdminServices } from './services.ts';

/** The role, who has it, and the indexes of the database. */
const PREVIEW: Cost = { once: 100, each: 0 };

/** What changes of permissions would mean, before they are made. */
export function addPreviews(typed: Builder, services: AdminServices, { inputs }: GrantTypes): void {
  const builder = dynamic(typed);
  builder.queryField('previewPermissions', (t) =>
    t.field({
      type: addPermissionsPreview(builder),
      nullable: true,
      description:
        'What `setPermissions` with these arguments would do, and `updateRole` with these `includes`, in the words of the plan of a permissions file. Nothing is changed.',
      authScopes: { action: 'role.previewGrants' },
      args: {
        role: t.arg.id({ required: true, description: 'The documentId of the role.' }),
        add: t.arg.stringList({ description: 'Actions to grant.' }),
        remove: t.arg.stringList({ description: 'Actions to take away.' }),
        grants: t.arg({ type: [inputs.ofAction], description: GRANTS_OF_ACTIONS }),
        includes: t.arg.idList({
          description:
            'All roles that it is to include. Then the lines compare what the role allows with all that it includes. Absent: its own permissions.',
        }),
      },
      extensions: { [DATABASE_COST]: () => PREVIEW },
      resolve: (_root, { role, add, remove, grants, includes }) => {
        const read = readGrantsOfActions(grants);
        const change = {
          add: add ?? [],
          remove: remove ?? [],
          grants: read.grants,
          includes: includes?.map(documentKey),
        };
        return previewPermissions(services, documentKey(role), change, read.faults);
      },
    }),
  );

  const document = builder.objectRef<ListedRow>('PreviewedDocument').implement({
    description: 'A document that grants let through.',
    fields: (t) => ({
      documentId: t.exposeID('documentId', { nullable: false }),
      title: t.exposeString('title', { nullable: true, description: 'What people know it by.' }),
    }),
  });
  const maxRows: MaxRows = ({ limit }) => Math.min(Number(limit ?? 0), MAX_PREVIEWED);
  builder.queryField('previewDocuments', (t) =>
    t.field({
      type: [document],
      nullable: { list: true, items: false },
      description:
        'The first documents that grants would let through. Null with a problem, for a create, and for a condition with a variable that has no value.',
      // Not an action of reading: a condition can name any column, so the documents it finds say what is in it.
      authScopes: { action: 'role.previewDocuments' },
      args: {
        role: t.arg.id({ required: true, description: 'The documentId of the role.' }),
        action: t.arg.string({ required: true }),
        grants: t.arg({ type: [inputs.grant], description: GRANTS }),
        as: t.arg.id({ description: 'A user: the documents are those that this user would see.' }),
        limit: t.arg.int({ defaultValue: 10, description: `The number of documents, up to ${MAX_PREVIEWED}.` }),
      },
      extensions: { [MAX_ROWS]: maxRows, [DATABASE_COST]: () => PREVIEW },
      resolve: async (_root, { role, action, grants, as, limit }) => {
        const documents = await previewDocuments(services, documentKey(role), [action, grantsIn(grants)], {
          as: as == null ? undefined : documentKey(as),
          limit: limit ?? 10,
        });
        return documents && [...documents];
      },
    }),
  );
}

function addPermissionsPreview(builder: DynamicBuilder) {
  const kind = builder.enumType('PreviewKind', {
    description: 'What becomes of an action of a role.',
    values: { GAINS: { value: 'gains' }, LOSES: { value: 'loses' }, CHANGES: { value: 'changes' } } as const,
  });
  const line = builder.objectRef<PreviewLine>('PreviewLine').implement({
    description: 'What a change does to one action.',
    fields: (t) => ({
      text: t.exposeString('text', {
        nullable: false,
        description: '`Reader gains post.create: WRITES, 12 users`',
      }),
      action: t.exposeString('action', { nullable: false }),
      kind: t.expose('kind', { type: kind, nullable: false, description: 'What becomes of the action.' }),
      writes: t.exposeBoolean('writes', { nullable: false, description: 'Whether the action is one of a mutation.' }),
      public: t.exposeBoolean('public', {
        nullable: false,
        description: 'Whether requests without a credential are concerned.',
      }),
    }),
  });
  const problem = builder.objectRef<GrantProblem>('GrantProblem').implement({
    description: 'Why a change cannot be made.',
    fields: (t) => ({
      action: t.exposeString('action', { nullable: false }),
      path: t.exposeString('path', {
        nullable: false,
        description:
          'Where it is in what was sent for the action: `grants.0.where.owner`; `action` for the action itself; `includes.0` for a role that cannot be included, where `action` is empty.',
      }),
      message: t.exposeString('message', { nullable: false, description: 'What is wrong.' }),
    }),
  });
  return builder.objectRef<PermissionsPreview>('PermissionsPreview').implement({
    description: 'What a change of the permissions of a role would do.',
    fields: (t) => ({
      lines: t.field({
        type: [line],
        nullable: false,
        description: 'What becomes of each action. Empty if nothing changes.',
        resolve: ({ lines }) => [...lines],
      }),
      warnings: t.stringList({
        nullable: false,
        description: 'What stays open beside the restrictions, and what they cost.',
        resolve: ({ warnings }) => [...warnings],
      }),
      users: t.exposeInt('users', {
        nullable: false,
        description: 'The number of users who have the role, by itself or by a role that includes it.',
      }),
      problems: t.field({
        type: [problem],
        nullable: false,
        description: 'Why the change cannot be made. Empty if it can.',
        resolve: ({ problems }) => [...problems],
      }),
    }),
  });
}
