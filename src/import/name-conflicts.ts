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
  /** The names of a user who is imported; undefined for one who is not. */
  namesOf(user: NamedUser): KeptNames | undefined;
  readonly conflicts: readonly NameConflict[];
  /** How many usernames had white space around them. */
  readonly trimmed: number;
}

/**
 * Finds the users whose names cannot be kept together, by the rules of identifiers: an e-mail or a username names one account,
 * independent of case. An e-mail comes before a username, and the earlier of two users keeps the name. A username can be
 * renamed; an e-mail cannot, and its user is skipped.
 *
 * @param users read twice.
 * @param noun how to name others in a conflict: `user`.
 * @param taken keys of identifiers that users of the database have.
 */
export function resolveNames(
  users: Iterable<NamedUser>,
  onConflict: OnConflict,
  { noun, taken }: { readonly noun: string; readonly taken: ReadonlySet<string> },
): ResolvedNames {
  const conflicts: NameConflict[] = [];
  const leftOut = new Set<number>();
  const emails = new Map<string, number>();
  for (const { label, email } of users) {
    const key = identifierKey(email);
    const why = whyNotEmail(email, key, { holder: emails.get(key), noun, taken });
    if (why === undefined) {
      emails.set(key, label);
    } else {
      leftOut.add(label);
      conflicts.push({ label, why, outcome: onConflict === 'fail' ? 'fail' : 'skip' });
    }
  }

  const usernames = new Map<string, number>();
  const toRename: NamedUser[] = [];
  let trimmed = 0;
  for (const user of users) {
    if (leftOut.has(user.label)) continue;
    const names = plainNames(user);
    const key = identifierKey(names.username);
    const why = whyNotUsername(names, key, { label: user.label, emails, usernames, noun, taken });
    if (why === undefined) {
      if (names.username !== user.username) trimmed++;
      usernames.set(key, user.label);
    } else {
      conflicts.push({ label: user.label, why, outcome: onConflict });
      if (onConflict === 'rename') toRename.push(user);
      else leftOut.add(user.label);
    }
  }

  // When the names of all others are known.
  const isFree = (key: string) => !usernames.has(key) && !emails.has(key) && !taken.has(key);
  const renamed = new Map<number, string>();
  for (const { label, username } of toRename) {
    const free = freeUsername(username.trim(), label, isFree);
    usernames.set(identifierKey(free), label);
    renamed.set(label, free);
  }
  return { conflicts, trimmed, namesOf: namesOf(leftOut, renamed) };
}

/** Outside of the function above, so that it does not keep the names of all users in memory. */
function namesOf(leftOut: ReadonlySet<number>, renamed: ReadonlyMap<number, string>): ResolvedNames['namesOf'] {
  return (user) => {
    if (leftOut.has(user.label)) return undefined;
    const names = plainNames(user);
    return { ...names, username: renamed.get(user.label) ?? names.username };
  };
}

function plainNames({ username, email }: NamedUser): KeptNames {
  return { username: username.trim(), email: normalEmail(email) };
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
  key: string,
  {
    label,
    emails,
    usernames,
    noun,
    taken,
  }: Others & {
    readonly label: number;
    readonly emails: ReadonlyMap<string, number>;
    readonly usernames: ReadonlyMap<string, number>;
  },
): string | undefined {
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
