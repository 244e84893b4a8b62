import { createSeal } from '../../common/seal.ts';
import type { Checks } from './conversation.ts';

/** What a login with a provider is for. */
export type FlowPurpose =
  | { readonly kind: 'login' }
  /** Links the identity to a user, in whose session it was begun. */
  | { readonly kind: 'link'; readonly session: string; readonly userId: number; readonly tokenVersion: number }
  /** Shows to an administrator what the provider says. */
  | { readonly kind: 'try' };

/** A login that began here and is at the provider now. The browser keeps it, sealed. */
export interface Flow {
  /** Each ends once. */
  readonly id: string;
  readonly provider: string;
  readonly purpose: FlowPurpose;
  readonly checks: Checks;
  /** The address at which the provider sends the browser back. */
  readonly callback: string;
  /** The page of a front end where the login ends; null for a try. */
  readonly redirect: string | null;
  /** Of the front end's own verifier (RFC 7636, S256). */
  readonly challenge: string | null;
  /** Milliseconds since 1970. */
  readonly until: number;
}

/** The permission to begin a flow of another purpose than a login, in the address that begins it. */
export interface Ticket {
  readonly provider: string;
  readonly purpose: FlowPurpose;
  readonly redirect: string | null;
  readonly until: number;
}

/** Seals what a browser keeps of a flow. Nobody but a server with these secrets can read or make it. */
export interface Flows {
  seal(flow: Flow): string;
  /** Undefined if it is none of ours, or too old. */
  open(text: string): Flow | undefined;
  sealTicket(ticket: Ticket): string;
  openTicket(text: string): Ticket | undefined;
}

/** The time that somebody has to log in at the provider, in milliseconds. */
export const FLOW_LIFE = 600_000;

/** The time between the permission and the beginning. */
export const TICKET_LIFE = 300_000;

export function createFlows(secrets: readonly [string, ...string[]], now: () => number): Flows {
  const seal = createSeal(secrets, 'login-flow');
  const sealed = (kind: 'flow' | 'ticket', value: object) =>
    Buffer.from(seal.seal(JSON.stringify(value), [kind])).toString('base64url');
  function opened<Value extends { readonly until: number }>(kind: 'flow' | 'ticket', text: string): Value | undefined {
    const json = seal.open(Buffer.from(text, 'base64url'), [kind]);
    if (json === undefined) return undefined;
    const value = JSON.parse(json) as Value; // what opens was sealed above
    return value.until > now() ? value : undefined;
  }
  return {
    seal: (flow) => sealed('flow', flow),
    open: (text) => opened<Flow>('flow', text),
    sealTicket: (ticket) => sealed('ticket', ticket),
    openTicket: (text) => opened<Ticket>('ticket', text),
  };
}
