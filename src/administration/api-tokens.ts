import { identifierKey } from '../accounts/identifiers.ts';
import { type Changed, difference, type Target } from '../audit/audit.ts';
import { newApiTokenSecret } from '../authentication/api-token-secret.ts';
import { type ApiError, applicationError, type Fault, invalidInput, notFound, refuse } from '../common/errors.ts';
import { isUniqueViolation } from '../database/write-errors.ts';
import type { ApiTokenKind } from '../generated/prisma/client.ts';
import { type AdministrationServices, administer, type By, type Transaction } from './administration.ts';
import { unknownActions } from './roles.ts';
import { faultsOfName, faultsOfText, textOrNull } from './texts.ts';

export interface NewApiToken {
  readonly name: string;
  readonly description: string | null;
  readonly kind: ApiTokenKind;
  /** Of the kind CUSTOM: at least one. Of the others: none. */
  readonly actions: readonly string[];
  /** Days; null for one that does not end. */
  readonly lifespan: Lifespan | null;
}

export type Lifespan = (typeof LIFESPANS)[number];
export const LIFESPANS = [7, 30, 90] as const;

/** What is absent stays as it is; the description is emptied by null. */
export interface ApiTokenChange {
  readonly name?: string | undefined;
  readonly description?: string | null | undefined;
  readonly kind?: ApiTokenKind | undefined;
  readonly actions?: readonly string[] | undefined;
}

/** A token, and its secret, which nobody is shown a second time. */
export interface IssuedApiToken {
  readonly id: number;
  readonly secret: string;
}

const TOKEN = {
  id: true,
  documentId: true,
  name: true,
  description: true,
  kind: true,
  prefix: true,
  lifespan: true,
  expiresAt: true,
  revokedAt: true,
  permissions: { select: { action: true }, orderBy: { action: 'asc' } },
} as const;

type TokenRow = NonNullable<Awaited<ReturnType<typeof findToken>>>;

/** A token by its documentId or its name. */
function findToken(transaction: Pick<Transaction, 'apiToken'>, documentIdOrName: string) {
  const where = { OR: [{ documentId: documentIdOrName }, { name: documentIdOrName }] };
  return transaction.apiToken.findFirst({ where, select: TOKEN });
}

export async function createApiToken(
  services: AdministrationServices,
  by: By,
  input: NewApiToken,
): Promise<IssuedApiToken> {
  const { prisma, audit, clock } = services;
  const { kind, lifespan } = input;
  const name = input.name.trim();
  const actions = [...new Set(input.actions)].sort();
  refuse([
    ...faultsOfName(name),
    ...faultsOfText(input.description, ['description']),
    ...faultsOfActions(services, kind, input.actions),
  ]);
  const secret = newApiTokenSecret();
  return uniquely(() =>
    administer(prisma, by, async (transaction) => {
      await refuseTaken(transaction, name);
      const token = await transaction.apiToken.create({
        data: {
          name,
          description: textOrNull(input.description),
          kind,
          prefix: secret.prefix,
          hash: secret.hash,
          lifespan,
          expiresAt: endOf(lifespan, clock()),
          permissions: { create: actions.map((action) => ({ action })) },
        },
        select: TOKEN,
      });
      const after = told(token);
      await audit.record(transaction, by.actor, { event: 'apiToken.create', target: targetOf(token), after });
      return { id: token.id, secret: secret.text };
    }),
  );
}

/** Another secret, and its life from the beginning. The one before is dead. */
export async function regenerateApiToken(
  services: AdministrationServices,
  by: By,
  documentId: string,
): Promise<IssuedApiToken> {
  const secret = newApiTokenSecret();
  const { id } = await changeToken(services, by, documentId, 'apiToken.regenerate', async (transaction, token) => {
    if (token.revokedAt) throw applicationError('A token that was revoked stays so: make another one');
    await transaction.apiToken.update({
      where: { id: token.id },
      data: {
        prefix: secret.prefix,
        hash: secret.hash,
        expiresAt: endOf(token.lifespan, services.clock()),
        lastUsedAt: null,
        lastUsedFrom: null,
      },
      select: { id: true },
    });
  });
  return { id, secret: secret.text };
}

/** Changes what is given, all of it or nothing, and tells the id. */
export async function updateApiToken(
  services: AdministrationServices,
  by: By,
  documentId: string,
  change: ApiTokenChange,
): Promise<number> {
  const name = change.name?.trim();
  refuse([...(name === undefined ? [] : faultsOfName(name)), ...faultsOfText(change.description, ['description'])]);
  const { id } = await uniquely(() =>
    changeToken(services, by, documentId, 'apiToken.update', async (transaction, token) => {
      if (name !== undefined) await refuseTaken(transaction, name, token.id);
      const kind = change.kind ?? token.kind;
      const before = token.permissions.map(({ action }) => action);
      const actions = change.actions ?? (kind === 'CUSTOM' ? before : []);
      const isNew = (action: string) => !before.includes(action); // what went with its content type may stay
      refuse(faultsOfActions(services, kind, actions, isNew));
      await transaction.apiTokenPermission.deleteMany({ where: { tokenId: token.id } });
      await transaction.apiToken.update({
        where: { id: token.id },
        data: {
          ...(name !== undefined && { name }),
          ...(change.description !== undefined && { description: textOrNull(change.description) }),
          kind,
          permissions: { create: [...new Set(actions)].sort().map((action) => ({ action })) },
        },
        select: { id: true },
      });
    }),
  );
  return id;
}

/** An end to a token, which stays in the list. It may be done twice. */
export async function revokeApiToken(
  services: AdministrationServices,
  by: By,
  documentIdOrName: string,
): Promise<number> {
  const { id } = await changeToken(services, by, documentIdOrName, 'apiToken.revoke', async (transaction, token) => {
    if (token.revokedAt) return;
    await transaction.apiToken.update({
      where: { id: token.id },
      data: { revokedAt: services.clock() },
      select: { id: true },
    });
  });
  return id;
}

/** Takes a token out of the list. */
export async function deleteApiToken(services: AdministrationServices, by: By, documentId: string): Promise<string> {
  const { prisma, audit } = services;
  return administer(prisma, by, async (transaction) => {
    const token = await transaction.apiToken.findUnique({ where: { documentId }, select: TOKEN });
    if (!token) throw noSuchToken();
    await transaction.apiToken.delete({ where: { documentId }, select: { id: true } });
    const before = told(token);
    await audit.record(transaction, by.actor, { event: 'apiToken.delete', target: targetOf(token), before });
    return token.documentId;
  });
}

async function changeToken(
  { prisma, audit }: AdministrationServices,
  by: By,
  documentIdOrName: string,
  event: 'apiToken.regenerate' | 'apiToken.update' | 'apiToken.revoke',
  change: (transaction: Transaction, token: TokenRow) => Promise<void>,
): Promise<TokenRow> {
  return administer(prisma, by, async (transaction) => {
    const before = await findToken(transaction, documentIdOrName);
    if (!before) throw noSuchToken();
    await change(transaction, before);
    const after = await transaction.apiToken.findUniqueOrThrow({ where: { id: before.id }, select: TOKEN });
    const changed = difference(told(before), told(after));
    if (changed) await audit.record(transaction, by.actor, { event, target: targetOf(after), ...changed });
    return after;
  });
}

/** The prefix is no secret: forty digits are missing to be one. */
function told({ name, description, kind, prefix, expiresAt, revokedAt, permissions }: TokenRow): Changed {
  const actions = permissions.map(({ action }) => action);
  return { name, description, kind, prefix, expiresAt, revokedAt, actions };
}

function targetOf({ documentId, name }: Pick<TokenRow, 'documentId' | 'name'>): Target {
  return { kind: 'apiToken', documentId, name };
}

function endOf(lifespan: number | null, now: Date): Date | null {
  return lifespan === null ? null : new Date(now.getTime() + lifespan * DAY);
}

const DAY = 86_400_000;

function faultsOfActions(
  services: AdministrationServices,
  kind: ApiTokenKind,
  actions: readonly string[],
  isNew: (action: string) => boolean = () => true,
): Fault[] {
  const path = ['actions'];
  if (kind !== 'CUSTOM') {
    return actions.length > 0 ? [{ path, message: 'actions are listed for tokens of the kind CUSTOM only' }] : [];
  }
  if (actions.length === 0) return [{ path, message: 'actions must be defined.' }];
  return unknownActions(services, actions.filter(isNew), path);
}

/** A name that looks like another token's tells nobody one from the other. */
async function refuseTaken(transaction: Transaction, name: string, own?: number): Promise<void> {
  const tokens = await transaction.apiToken.findMany({ select: { id: true, name: true } });
  const isSame = (other: string) => identifierKey(other) === identifierKey(name);
  if (tokens.some((token) => token.id !== own && isSame(token.name))) throw nameTaken();
}

function nameTaken(): ApiError {
  return invalidInput([{ path: ['name'], message: 'This attribute must be unique' }]);
}

async function uniquely<T>(write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (error) {
    if (isUniqueViolation(error)) throw nameTaken();
    throw error;
  }
}

function noSuchToken(): ApiError {
  return notFound('API token not found');
}
