import type { Clock } from '../../common/clock.ts';
import type { PrismaClient } from '../../generated/prisma/client.ts';
import { type Conversations, createConversations } from './conversation.ts';
import { createFlows, type Flows } from './flow.ts';
import { type ConfiguredProvider, createLoginProviders, type LoginProviders } from './provider-list.ts';

/** What logins with providers need. */
export interface ProviderServices {
  readonly list: LoginProviders;
  readonly conversations: Conversations;
  readonly flows: Flows;
  /** The pages of front ends that a login may return to, each with all below it. */
  readonly redirects: readonly string[];
  /** The public URL of this server, which callbacks begin with. */
  readonly publicUrl: string;
}

export interface ProviderServicesOptions {
  readonly prisma: PrismaClient;
  readonly configured: readonly ConfiguredProvider[];
  readonly redirects: readonly string[];
  readonly encryptionKeys: readonly [string, ...string[]] | undefined;
  /** Seal what a browser keeps: the first seals, all of them open. */
  readonly secrets: readonly [string, ...string[]];
  readonly publicUrl: string;
  readonly production: boolean;
  readonly clock: Clock;
}

export function createProviderServices(options: ProviderServicesOptions): ProviderServices {
  const { redirects, publicUrl, secrets, clock } = options;
  return {
    list: createLoginProviders(options),
    conversations: createConversations(options),
    flows: createFlows(secrets, () => clock().getTime()),
    redirects,
    publicUrl: publicUrl.replace(/\/+$/, ''),
  };
}
