import { newApiTokenSecret } from '../../authentication/api-token-secret.ts';
import { refuse } from '../../common/errors.ts';
import type { ApiTokenKind } from '../../generated/prisma/client.ts';
import { type AdministrationServices, administer, type By } from '../administration.ts';
import { permissionRow } from '../permission-row.ts';
import { faultsOfName, faultsOfText, textOrNull } from '../validate-texts.ts';
import { expiryOf, type Lifespan } from './lifespan.ts';
import { permissionsOfToken, type WantedPermissions } from './permissions-of-token.ts';
import { refuseTakenName, uniquelyNamed } from './taken-name.ts';
import { recordOf, TOKEN, targetOf } from './token-row.ts';

export interface NewApiToken extends WantedPermissions {
  readonly name: string;
  readonly description: string | null;
  readonly kind: ApiTokenKind;
  /** Days; null for one that does not end. */
  readonly lifespan: Lifespan | null;
}

/** A token and its secret, which is shown only once. */
export interface IssuedApiToken {
  readonly id: number;
  readonly secret: string;
}

export async function createApiToken(
  services: AdministrationServices,
  by: By,
  input: NewApiToken,
): Promise<IssuedApiToken> {
  const { prisma, audit, clock } = services;
  const { kind, lifespan } = input;
  const name = input.name.trim();
  const { permissions, faults } = permissionsOfToken(services, kind, [], input);
  refuse([...faultsOfName(name), ...faultsOfText(input.description, ['description']), ...faults]);
  const secret = newApiTokenSecret();
  return uniquelyNamed(() =>
    administer(prisma, by, async (transaction) => {
      await refuseTakenName(transaction, name);
      const token = await transaction.apiToken.create({
        data: {
          name,
          description: textOrNull(input.description),
          kind,
          prefix: secret.prefix,
          hash: secret.hash,
          lifespan,
          expiresAt: expiryOf(lifespan, clock()),
          permissions: { create: permissions.map(permissionRow) },
        },
        select: TOKEN,
      });
      const after = recordOf(token);
      await audit.record(transaction, by.actor, { event: 'apiToken.create', target: targetOf(token), after });
      return { id: token.id, secret: secret.text };
    }),
  );
}
