import { normalEmail } from '../../accounts/emails.ts';
import { identifierKey } from '../../accounts/identifiers.ts';
import { faultsOfUsername } from '../../accounts/usernames.ts';
import { type KeptNames, type OnConflict, type ResolvedNames, resolveNames } from '../name-conflicts.ts';
import type { FileUser } from './user-line.ts';

/** Which of these keys users of the database have. */
export type FindTaken = (keys: readonly string[]) => Promise<ReadonlyMap<string, number>>;

/** The names of users, by the lines of those who are imported. */
export interface UsersByName extends Pick<ResolvedNames, 'conflicts' | 'trimmed'> {
  readonly kept: ReadonlyMap<number, KeptNames>;
}

/** Gives every user a free username, and finds those whose names cannot be kept. */
export async function nameUsers(
  users: readonly FileUser[],
  onConflict: OnConflict,
  findTaken: FindTaken,
): Promise<UsersByName> {
  const named = users.map(({ line, email, username }) => ({ label: line, email, username: username ?? email }));
  const keys = named.flatMap(({ email, username }) => [identifierKey(email), identifierKey(username)]);
  const taken = new Set((await findTaken([...new Set(keys)])).keys());
  // Somebody without a username stands there with the e-mail, which is always free, and gets another one below.
  const { conflicts, trimmed, namesOf } = resolveNames(named, onConflict, { noun: 'line', taken });
  const kept = new Map<number, KeptNames>();
  for (const user of named) {
    const names = namesOf(user);
    if (names) kept.set(user.label, names);
  }
  const used = new Set([...kept.values()].flatMap((of) => [identifierKey(of.username), identifierKey(of.email)]));

  let unnamed = users.filter(({ line, username }) => username === undefined && kept.has(line));
  const numbers = new Map<string, number>();
  while (unnamed.length > 0) {
    const proposed = unnamed.map((user) => ({ user, username: nextUsername(user, used, numbers) }));
    const found = await findTaken(proposed.map(({ username }) => identifierKey(username)));
    for (const { user, username } of proposed) kept.set(user.line, { username, email: normalEmail(user.email) });
    unnamed = proposed.filter(({ username }) => found.has(identifierKey(username))).map(({ user }) => user);
  }
  return { conflicts, trimmed, kept };
}

/** Characters of the part before the number. */
const LONGEST = 40;

/** `anna`, then `anna-2`. The names of one part are numbered on, so that a thousand of them take a thousand steps. */
function nextUsername({ email, line }: FileUser, used: Set<string>, numbers: Map<string, number>): string {
  const local = [...(email.split('@', 1)[0] ?? '')].slice(0, LONGEST).join('').trim();
  const base = faultsOfUsername(`${local}-2`).length === 0 && local !== '' ? local : `user-${line}`;
  for (let number = numbers.get(base) ?? 1; ; number++) {
    const username = number === 1 ? base : `${base}-${number}`;
    numbers.set(base, number + 1);
    if (faultsOfUsername(username).length > 0 || used.has(identifierKey(username))) continue;
    used.add(identifierKey(username));
    return username;
  }
}
