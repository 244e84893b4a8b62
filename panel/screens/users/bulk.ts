import { act, ask } from '../../api/hooks.ts';
import {
  BlockUserDocument,
  DeleteUserDocument,
  EndUserSessionsDocument,
  MatchingUsersDocument,
  UnblockUserDocument,
  UpdateUserDocument,
  type UserFiltersInput,
  UserRolesDocument,
} from '../../generated/graphql.ts';

export interface Target {
  readonly id: string;
  readonly name: string;
}

/** What is done to each of many users. */
export type BulkAct =
  | { readonly kind: 'block'; readonly reason: string; readonly until: string | null }
  | { readonly kind: 'unblock' | 'endSessions' | 'delete' }
  | { readonly kind: 'addRole' | 'setRole'; readonly role: string };

export interface Progress {
  readonly done: number;
  readonly failed: readonly { readonly target: Target; readonly failure: unknown }[];
}

/** Users that are changed at the same time. */
const AT_ONCE = 4;

/** All users that match, whatever page they are on. They are listed before anything is done, which may change what matches. */
export async function everyMatch(
  asked: { readonly search: string | null; readonly filters: UserFiltersInput },
  signal: AbortSignal,
): Promise<readonly Target[]> {
  const found = new Map<string, Target>();
  for (let page = 1; !signal.aborted; page += 1) {
    const { users_connection: answer } = await ask(MatchingUsersDocument, { ...asked, page, pageSize: 100 });
    for (const { documentId, username } of answer?.nodes ?? []) {
      found.set(documentId, { id: documentId, name: username });
    }
    if (page >= (answer?.pageInfo.pageCount ?? 0)) break;
  }
  return [...found.values()];
}

/** Does it to one after another. One that fails does not keep the others from it; after `signal`, no other one is begun. */
export async function runForAll(
  targets: readonly Target[],
  what: BulkAct,
  signal: AbortSignal,
  report: (progress: Progress) => void,
): Promise<Progress> {
  let progress: Progress = { done: 0, failed: [] };
  const waiting = [...targets];
  const work = async () => {
    for (;;) {
      const target = signal.aborted ? undefined : waiting.shift();
      if (!target) return;
      try {
        await runFor(target.id, what);
        progress = { ...progress, done: progress.done + 1 };
      } catch (failure) {
        progress = { ...progress, failed: [...progress.failed, { target, failure }] };
      }
      report(progress);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return progress;
}

const QUIET = { quiet: true } as const;

async function runFor(user: string, what: BulkAct): Promise<void> {
  switch (what.kind) {
    case 'block':
      await act(BlockUserDocument, { user, reason: what.reason || null, until: what.until }, QUIET);
      return;
    case 'unblock':
      await act(UnblockUserDocument, { user }, QUIET);
      return;
    case 'endSessions':
      await act(EndUserSessionsDocument, { user }, QUIET);
      return;
    case 'delete':
      await act(DeleteUserDocument, { user }, QUIET);
      return;
    case 'setRole':
      await act(UpdateUserDocument, { user, data: { role: what.role } }, QUIET);
      return;
    case 'addRole': {
      const { user: found } = await ask(UserRolesDocument, { user });
      const ids = (found?.roles ?? []).map(({ documentId }) => documentId);
      if (ids.includes(what.role)) return;
      const role = found?.role?.documentId;
      const data = { ...(role && { role }), roles: [...ids, what.role] };
      await act(UpdateUserDocument, { user, data }, QUIET);
    }
  }
}
