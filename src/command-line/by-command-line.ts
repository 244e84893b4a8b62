import { userInfo } from 'node:os';
import type { By } from '../administration/administration.ts';
import { NO_CEILING } from '../administration/permission-ceiling.ts';

/** The command line as an actor: who has a shell on this machine and its settings has full access. */
export function byCommandLine(): By {
  const actor = {
    kind: 'commandLine',
    documentId: null,
    name: accountName(),
    origin: undefined,
    requestId: null,
  } as const;
  return { actor, ceiling: NO_CEILING };
}

/** The account of the operating system; a container may have none. */
function accountName(): string | null {
  try {
    return userInfo().username;
  } catch {
    return null;
  }
}
