import { type Condition, canonical, type Grant, type Grants } from './grants.ts';

/** Which columns a client can send in an action, as far as its type goes. */
export type CanSend = (action: string, column: string) => boolean;

/**
 * Whether all that a permission allows is allowed by another one, too: each of its grants is one of the other's, or narrower.
 *
 * A grant is narrower when its form shows it: `where: { and: [the other's, …] }`, the same of what a written row must match,
 * fewer `fields`, and the same `set`. What conditions mean is not compared: that would be right only most of the time.
 */
export function isWithin(action: string, grants: Grants, own: Grants | undefined, canSend: CanSend): boolean {
  if (own === undefined) return false;
  if (own === 'all') return true;
  if (grants === 'all') return false;
  return grants.every((grant) => own.some((one) => isNarrower(action, grant, one, canSend)));
}

function isNarrower(action: string, grant: Grant, own: Grant, canSend: CanSend): boolean {
  // Whoever writes into the database by hand can leave anything there. Nothing but an object says what it allows.
  if (!isObject(grant) || !isObject(own)) return false;
  return (
    includes(grant.where, own.where) &&
    // Without `check`, a written row must match `where`.
    includes(grant.check ?? grant.where, own.check ?? own.where) &&
    hasFewerFields(grant, own) &&
    setsTheSame(action, grant.set ?? {}, own, canSend)
  );
}

/** Whether a condition is another one, or that and more. */
function includes(condition: Condition | undefined, own: Condition | undefined): boolean {
  if (own === undefined) return true;
  if (condition === undefined) return false;
  const wanted = canonical(own);
  if (canonical(condition) === wanted) return true;
  const [[key, parts] = [], ...others] = isObject(condition) ? Object.entries(condition) : [];
  return key === 'and' && others.length === 0 && Array.isArray(parts) && parts.some((one) => canonical(one) === wanted);
}

function hasFewerFields({ fields }: Grant, own: Grant): boolean {
  if (own.fields === undefined) return true;
  return Array.isArray(fields) && fields.every((name) => own.fields?.includes(name));
}

/** What the other sets is set; and what is set beside it, the other could have sent. */
function setsTheSame(action: string, set: NonNullable<Grant['set']>, own: Grant, canSend: CanSend): boolean {
  const forced = own.set ?? {};
  if (!isObject(set) || !isObject(forced)) return false;
  const isForced = (name: string) => Object.hasOwn(forced, name);
  return (
    Object.keys(forced).every((name) => Object.hasOwn(set, name) && canonical(set[name]) === canonical(forced[name])) &&
    Object.keys(set).every((name) => isForced(name) || ((own.fields?.includes(name) ?? true) && canSend(action, name)))
  );
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
