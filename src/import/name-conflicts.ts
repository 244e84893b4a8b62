import { faultsOfEmail, normalEmail } from '../accounts/emails.ts';
import { identifierKey } from '../accounts/identifiers.ts';
import { faultsOfUsername, isForeignEmail } from '../accounts/usernames.ts';

/** What to do with a user whose name cannot be kept. */
export type OnConflict = 'fail' | 'skip' | 'rename';

/** Somebody who would be imported, by their names in the other system. */
export interface NamedUser {
  /** How the plan names them: an id, or the number of a line. No name. */
  readonly label: number;
  readonly username: string;
  readonly email: string;
}

export interface NameConflict {
  readonly label: number;
  /** `user 12 has the same username, apart from case`. */
  readonly why: string;
  /** What becomes of the user. `fail`: nothing can be imported. */
  readonly outcome: OnConflict;
}

/** Names as they are written here. */
export interface KeptNames {
  readonly username: string;
  readonly email: string;
}

export interface ResolvedNames {
  /** The names of users who are imported, by label. */
  readonly kept: ReadonlyMap<number, KeptNames>;
  readonly conflicts: readonly NameConflict[];
  /** How many usernames had white space around them. */
  readonly trimmed: number;
}

/**
 * Finds the users whose names cannot be kept together, by the rules of identifiers: an e-mail or a username names one account,
 * independent of case. An e-mail comes before a username, and the earlier of two users keeps the name. A username can be
 * renamed; an e-mail cannot, and its user is skipped.
 *
 * @param noun how to name others in a conflict: `user`.
 * @param taken keys of identifiers that users of the database have.
 */
export function resolveNames(
  users: readonly NamedUser[],
  onConflict: OnConflict,
  { noun, taken }: { readonly noun: string; readonly taken: ReadonlySet<string> },
): ResolvedNames {
  const conflicts: NameConflict[] = [];
  const kept = new Map<number, KeptNames>();
  let trimmed = 0;

  const emails = new Map<string, number>();
  const withEmail: NamedUser[] = [];
  for (const user of users) {
    const key = identifierKey(user.email);
    const holder = emails.get(key);
    const why = whyNotEmail(user.email, key, { holder, noun, taken });
    if (why !== undefined) {
      conflicts.push({ label: user.label, why, outcome: onConflict === 'fail' ? 'fail' : 'skip' });
      continue;
    }
    emails.set(key, user.label);
    withEmail.push(user);
  }

  const usernames = new Map<string, number>();
  const renamed: { readonly user: NamedUser; readonly conflict: NameConflict }[] = [];
  for (const user of withEmail) {
    const names = { username: user.username.trim(), email: normalEmail(user.email) };
    const why = whyNotUsername(names, user.label, { emails, usernames, noun, taken });
    if (why !== undefined) {
      const conflict = { label: user.label, why, outcome: onConflict };
      conflicts.push(conflict);
      if (onConflict === 'rename') renamed.push({ user, conflict });
      continue;
    }
    if (names.username !== user.username) trimmed++;
    usernames.set(identifierKey(names.username), user.label);
    kept.set(user.label, names);
  }

  // When the names of all others are known.
  const isFree = (key: string) => !usernames.has(key) && !emails.has(key) && !taken.has(key);
  for (const { user } of renamed) {
    const username = freeUsername(user.username.trim(), user.label, isFree);
    usernames.set(identifierKey(username), user.label);
    kept.set(user.label, { username, email: normalEmail(user.email) });
  }
  return { kept, conflicts, trimmed };
}

interface Others {
  readonly noun: string;
  readonly taken: ReadonlySet<string>;
}

function whyNotEmail(
  email: string,
  key: string,
  { holder, noun, taken }: Others & { readonly holder: number | undefined },
): string | undefined {
  if (faultsOfEmail(email).length > 0) return 'the e-mail is not valid';
  if (holder !== undefined) return `${noun} ${holder} has the same e-mail`;
  return taken.has(key) ? 'a user of the database has the same e-mail or username' : undefined;
}

function whyNotUsername(
  names: KeptNames,
  label: number,
  {
    emails,
    usernames,
    noun,
    taken,
  }: Others & { readonly emails: ReadonlyMap<string, number>; readonly usernames: ReadonlyMap<string, number> },
): string | undefined {
  const key = identifierKey(names.username);
  const [owner, holder] = [emails.get(key), usernames.get(key)];
  if (owner !== undefined && owner !== label) return `the username is the e-mail of ${noun} ${owner}`;
  if (holder !== undefined) return `${noun} ${holder} has the same username, apart from case`;
  if (taken.has(key)) return 'a user of the database has the same e-mail or username';
  if (faultsOfUsername(names.username).length > 0) return 'the username is not valid';
  return isForeignEmail(names) ? 'the username is an e-mail address, and not the one of the account' : undefined;
}

/** `anna` → `anna-2`: not `anna@example.com`, which is an address that is not the user's. */
function freeUsername(username: string, label: number, isFree: (key: string) => boolean): string {
  const [local = ''] = username.split('@', 1);
  const short = [...local].slice(0, LONGEST).join('').trim();
  const base = faultsOfUsername(`${short}-2`).length === 0 && short !== '' ? short : `user-${label}`;
  for (let number = base === username ? 2 : 1; ; number++) {
    const name = number === 1 ? base : `${base}-${number}`;
    if (isFree(identifierKey(name)) && faultsOfUsername(name).length === 0) return name;
  }
}

/** Characters of a username that another part is added to. */
const LONGEST = 40;
