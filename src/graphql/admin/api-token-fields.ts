import { createApiToken, type IssuedApiToken } from '../../administration/api-tokens/create-api-token.ts';
import { deleteApiToken } from '../../administration/api-tokens/delete-api-token.ts';
import { LIFESPANS, type Lifespan } from '../../administration/api-tokens/lifespan.ts';
import { regenerateApiToken } from '../../administration/api-tokens/regenerate-api-token.ts';
import { revokeApiToken } from '../../administration/api-tokens/revoke-api-token.ts';
import { updateApiToken } from '../../administration/api-tokens/update-api-token.ts';
import { rejectNull } from '../../common/reject-null.ts';
import type { ApiTokenKind } from '../../generated/prisma/client.ts';
import type { DynamicBuilder } from '../content-type/content-schema.ts';
import { given } from './given.ts';
import type { GrantTypes } from './grant-fields.ts';
import { type ActionGrantsInput, grantsOfActionsIn } from './grant-input.ts';
import { type AdminServices, byAdmin } from './services.ts';

interface CreateApiTokenInput {
  readonly name: string;
  readonly description?: string | null | undefined;
  readonly kind: ApiTokenKind;
  readonly actions?: readonly string[] | null | undefined;
  readonly grants?: readonly ActionGrantsInput[] | null | undefined;
  readonly lifespan?: Lifespan | 'unlimited' | null | undefined;
}

interface UpdateApiTokenInput {
  readonly name?: string | null | undefined;
  readonly description?: string | null | undefined;
  readonly kind?: ApiTokenKind | null | undefined;
  readonly actions?: readonly string[] | null | undefined;
  readonly grants?: readonly ActionGrantsInput[] | null | undefined;
}

const GRANTS_OF_ACTIONS =
  'The grants of some actions of a token of the kind CUSTOM, each action once. It is given those that it lacks.';

/** Adds the mutations on API tokens. */
export function addApiTokens(builder: DynamicBuilder, services: AdminServices, { inputs }: GrantTypes): void {
  const lifespan = builder.enumType('ApiTokenLifespan', {
    values: {
      UNLIMITED: { value: 'unlimited' },
      ...Object.fromEntries(LIFESPANS.map((days) => [`DAYS_${days}`, { value: days }])),
    } as Record<string, { value: Lifespan | 'unlimited' }>, // entries lose the type of their values
  });
  const createInput = builder.inputRef<CreateApiTokenInput>('CreateApiTokenInput').implement({
    fields: (t) => ({
      name: t.string({ required: true }),
      description: t.string(),
      kind: t.field({ type: 'ApiTokenKind', required: true }),
      actions: t.stringList({ description: 'The actions of a token of the kind CUSTOM; for the other kinds, none.' }),
      grants: t.field({ type: [inputs.ofAction], description: GRANTS_OF_ACTIONS }),
      lifespan: t.field({ type: lifespan, required: true }),
    }),
  });
  const updateInput = builder.inputRef<UpdateApiTokenInput>('UpdateApiTokenInput').implement({
    description: 'Absent fields stay as they are. A description of null is removed.',
    fields: (t) => ({
      name: t.string(),
      description: t.string(),
      kind: t.field({ type: 'ApiTokenKind' }),
      actions: t.stringList({
        description: 'All of its actions. Those that it has already keep their grants, unless `grants` names them.',
      }),
      grants: t.field({ type: [inputs.ofAction], description: GRANTS_OF_ACTIONS }),
    }),
  });
  const issued = builder.objectRef<IssuedApiToken>('IssuedApiToken').implement({
    fields: (t) => ({
      secret: t.exposeString('secret', {
        nullable: false,
        description: 'What is sent as `Authorization: Bearer …`. It is shown only once.',
      }),
      token: t.field({ type: 'ApiToken', nullable: false, resolve: ({ id }) => ({ id }) }),
    }),
  });

  builder.mutationField('createApiToken', (t) =>
    t.field({
      type: issued,
      nullable: true,
      authScopes: { action: 'apiToken.create' },
      args: { data: t.arg({ type: createInput, required: true }) },
      resolve: (_root, { data }, context) =>
        createApiToken(services, byAdmin(context), {
          name: data.name,
          description: data.description ?? null,
          kind: data.kind,
          actions: data.actions ?? [],
          grants: grantsOfActionsIn(data.grants),
          lifespan: data.lifespan === 'unlimited' || data.lifespan == null ? null : data.lifespan,
        }),
    }),
  );
  builder.mutationField('regenerateApiToken', (t) =>
    t.field({
      type: issued,
      nullable: true,
      description: 'Gives a token a new secret and a new lifespan. The secret before is revoked.',
      authScopes: { action: 'apiToken.regenerate' },
      args: { documentId: t.arg.id({ required: true }) },
      resolve: (_root, { documentId }, context) => regenerateApiToken(services, byAdmin(context), documentId),
    }),
  );
  builder.mutationField('updateApiToken', (t) =>
    t.field({
      type: 'ApiToken',
      nullable: true,
      authScopes: { action: 'apiToken.update' },
      args: {
        documentId: t.arg.id({ required: true }),
        data: t.arg({ type: updateInput, required: true }),
        ifUpdatedAt: t.arg({
          type: 'DateTime',
          description:
            '`updatedAt` as it was read. With another one now, nothing is changed, and the error is at this argument.',
        }),
      },
      resolve: async (_root, { documentId, data, ifUpdatedAt }, context) => {
        rejectNull(data, ['name', 'kind', 'actions']);
        const { description } = data;
        const change = {
          name: given(data.name),
          description,
          kind: given(data.kind),
          actions: given(data.actions),
          grants: grantsOfActionsIn(data.grants),
          ifUpdatedAt: given(ifUpdatedAt),
        };
        return { id: await updateApiToken(services, byAdmin(context), documentId, change) };
      },
    }),
  );
  builder.mutationField('revokeApiToken', (t) =>
    t.field({
      type: 'ApiToken',
      nullable: true,
      description: 'Revokes a token, which stays in the list.',
      authScopes: { action: 'apiToken.revoke' },
      args: { documentId: t.arg.id({ required: true }) },
      resolve: async (_root, { documentId }, context) => ({
        id: await revokeApiToken(services, byAdmin(context), documentId),
      }),
    }),
  );
  const deleted = builder.objectRef<{ readonly documentId: string }>('DeletedApiToken').implement({
    fields: (t) => ({ documentId: t.exposeID('documentId', { nullable: false }) }),
  });
  builder.mutationField('deleteApiToken', (t) =>
    t.field({
      type: deleted,
      nullable: true,
      description: 'Revokes and deletes a token.',
      authScopes: { action: 'apiToken.delete' },
      args: { documentId: t.arg.id({ required: true }) },
      resolve: async (_root, { documentId }, context) => ({
        documentId: await deleteApiToken(services, byAdmin(context), documentId),
      }),
    }),
  );
}
