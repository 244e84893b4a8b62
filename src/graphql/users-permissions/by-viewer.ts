import type { AdministrationServices, By } from '../../administration/administration.ts';
import { ceilingOf } from '../../administration/ceiling.ts';
import { actorOf } from '../../authentication/actor-of.ts';
import type { Context } from '../context.ts';

/** Whoever asks on `/graphql` gives, takes and touches no more than they have. */
export function byViewer(context: Context, { tokenActions, clock }: AdministrationServices): By {
  return { actor: actorOf(context), ceiling: ceilingOf(context.viewer, tokenActions, clock) };
}
