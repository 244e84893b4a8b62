import type { AdministrationServices, By } from '../../administration/administration.ts';
import { ceilingOf } from '../../administration/permission-ceiling.ts';
import { actorOf } from '../../authentication/actor-of.ts';
import type { Context } from '../context.ts';

/** The actor of a change on `/graphql`, whose own permissions are the ceiling of what it can grant, revoke or change. */
export function byViewer(context: Context, services: AdministrationServices): By {
  return { actor: actorOf(context), ceiling: ceilingOf(context.viewer, services) };
}
