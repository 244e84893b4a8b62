/** How much there may be for one client, and for all of them together. */
export interface Bounds {
  readonly perClient: number;
  readonly inAll: number;
}

/** Something of the server that is held for a client: a connection, say, or the bytes of a body. */
export interface Held {
  /** It is so much more than it was. */
  grow(amount: number): void;
  /** It is worked with, and is not taken away until as many `rest()` have followed. */
  use(): void;
  rest(): void;
  /** It is held no longer. */
  drop(): void;
}

/** Begins to hold something for a client; `giveWay` is called when it was taken away to make room. */
export type Hold = (client: string | undefined, amount: number, giveWay: () => void) => Held;

interface Client {
  amount: number;
  /** How many things are held. */
  count: number;
  /** Those that can be taken away, the one that rests longest first. */
  readonly resting: Set<Entry>;
}

interface Entry extends Held {
  readonly giveWay: () => void;
}

/**
 * Holds things for clients that the server waits for, within bounds. Where there is too much, what has rested longest is
 * taken away, of that client if it is the one that has too much: so who takes and never goes on makes room for those who
 * do, and nobody is turned away for what others hold. A client of whom nothing is known is bounded with all others only.
 * What is the only one is let be, however large.
 */
export function holdWithin({ perClient, inAll }: Bounds): Hold {
  const all: Client = { amount: 0, count: 0, resting: new Set() };
  const clients = new Map<string, Client>();

  return (name, first, giveWay) => {
    const owner = name === undefined ? undefined : clientOf(name);
    const owners = owner ? [owner, all] : [all];
    let [amount, uses, dropped] = [0, 0, false];
    const entry: Entry = {
      giveWay,
      grow(more) {
        if (dropped) return;
        amount += more;
        for (const each of owners) each.amount += more;
        if (owner) makeRoom(owner, perClient);
        makeRoom(all, inAll);
      },
      use() {
        if (uses++ === 0) for (const { resting } of owners) resting.delete(entry);
      },
      rest() {
        if (--uses === 0 && !dropped) for (const { resting } of owners) resting.add(entry); // at the end of them
      },
      drop() {
        if (dropped) return;
        dropped = true;
        for (const each of owners) {
          each.amount -= amount;
          each.count -= 1;
          each.resting.delete(entry);
        }
        if (name !== undefined && owner?.count === 0) clients.delete(name);
      },
    };
    for (const each of owners) {
      each.count += 1;
      each.resting.add(entry);
    }
    entry.grow(first);
    return entry;
  };

  function clientOf(name: string): Client {
    const known = clients.get(name);
    if (known) return known;
    const client: Client = { amount: 0, count: 0, resting: new Set() };
    clients.set(name, client);
    return client;
  }
}

function makeRoom(client: Client, most: number): void {
  while (client.amount > most && client.count > 1) {
    const [longest] = client.resting;
    if (!longest) return; // all of it is worked with
    longest.drop();
    longest.giveWay();
  }
}
