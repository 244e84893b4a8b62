import { createSeal } from '../../common/seal.ts';

/** What seals the secret of a login provider, as `login_providers` keeps it: bound to the table and to the provider. */
export type SealProviderSecret = (secret: string, provider: string) => Uint8Array<ArrayBuffer>;

/** Undefined without a key: then no secret of a provider can be stored. */
export function sealProviderSecret(
  encryptionKeys: readonly [string, ...string[]] | undefined,
): SealProviderSecret | undefined {
  if (encryptionKeys === undefined) return undefined;
  const seal = createSeal(encryptionKeys, PURPOSE);
  return (secret, provider) => seal.seal(secret, placeOf(provider));
}

/** The secret of a provider; undefined if none of the keys sealed it for this provider. */
export function openProviderSecret(
  encryptionKeys: readonly [string, ...string[]],
  sealed: Uint8Array,
  provider: string,
): string | undefined {
  return createSeal(encryptionKeys, PURPOSE).open(sealed, placeOf(provider));
}

const PURPOSE = 'login-providers';

function placeOf(provider: string): readonly string[] {
  return ['login_providers', provider];
}
