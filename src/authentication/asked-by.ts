import { forbidden } from '../common/errors.ts';
import type { Asked } from './actor-of.ts';
import type { AdminViewer, UserViewer } from './viewer.ts';

/**
 * The request, if its viewer is a user.
 *
 * @throws ApiError FORBIDDEN for any other viewer, even one with the permission.
 */
export function askedByUser<Request extends Asked>(request: Request, action: string): Request & AsUser {
  const { viewer } = request;
  if (viewer.kind !== 'user') throw forbidden(action);
  return { ...request, viewer };
}

/**
 * The request, if its viewer is an administrator.
 *
 * @throws ApiError FORBIDDEN for a guest.
 */
export function askedByAdministrator<Request extends Asked>(request: Request): Request & AsAdministrator {
  const { viewer } = request;
  if (viewer.kind !== 'admin') throw forbidden();
  return { ...request, viewer };
}

interface AsUser {
  readonly viewer: UserViewer;
}

interface AsAdministrator {
  readonly viewer: AdminViewer;
}
