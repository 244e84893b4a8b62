import type { AdminAccounts } from '../../accounts/accounts.ts';
import type { Attempts } from '../../accounts/attempts.ts';
import type { AdministrationServices, By } from '../../administration/administration.ts';
import { ceilingOfAdmin } from '../../administration/permission-ceiling.ts';
import { actorOf } from '../../authentication/actor-of.ts';
import type { ActionGroup } from '../../authorization/catalogue.ts';
import type { HookRunner } from '../../common/hook-runner.ts';
import type { Context } from '../context.ts';
import type { ContentAsUser } from './content-as-user-fields.ts';

/** What the fields of `/admin/graphql` work with. */
export interface AdminServices extends AdministrationServices {
  /** Their own accounts. */
  readonly accounts: AdminAccounts;
  readonly attempts: Attempts;
  /** The actions of the public schema. */
  readonly catalogue: readonly ActionGroup[];
  /** Whether the first administrator needs the code that the start prints. */
  readonly firstNeedsCode: boolean;
  readonly contentAsUser: ContentAsUser;
  readonly hooks: HookRunner;
}

/** An administrator, with full access. */
export function byAdmin(context: Context): By {
  return { actor: actorOf(context), ceiling: ceilingOfAdmin(context.viewer) };
}
