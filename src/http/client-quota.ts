/** How much of something one client may use, and all clients together. */
export interface Quota {
  readonly perClient: number;
  readonly total: number;
}

/** A part of a quota that a client uses: a connection, or the bytes of a body. */
export interface Reservation {
  /** Adds to the amount. */
  grow(amount: number): void;
  /** Protects it from eviction, until `unpin()` was called as often. */
  pin(): void;
  unpin(): void;
  release(): void;
}

/** Reserves an amount for a client. `onEvicted` is called when the reservation is evicted to make room. */
export type Reserve = (client: string | undefined, amount: number, onEvicted: () => void) => Reservation;

interface Usage {
  amount: number;
  /** The number of reservations. */
  count: number;
  /** Reservations that can be evicted, the longest idle first. */
  readonly idle: Set<Entry>;
}

interface Entry extends Reservation {
  readonly onEvicted: () => void;
}

/**
 * Reserves within a quota. A reservation never fails: when a quota is exceeded, the reservation that was idle longest is
 * evicted, from the same client if its own quota is exceeded. So a client that stalls makes room for clients that do not,
 * and no client is refused for what others use. An unknown client counts towards the total only. The only reservation is
 * never evicted, however large it is.
 */
export function createReserve({ perClient, total }: Quota): Reserve {
  const all: Usage = { amount: 0, count: 0, idle: new Set() };
  const clients = new Map<string, Usage>();

  return (name, first, onEvicted) => {
    const own = name === undefined ? undefined : usageOf(name);
    const usages = own ? [own, all] : [all];
    let [amount, pins, released] = [0, 0, false];
    const entry: Entry = {
      onEvicted,
      grow(more) {
        if (released) return;
        amount += more;
        for (const usage of usages) usage.amount += more;
        if (own) makeRoom(own, perClient);
        makeRoom(all, total);
      },
      pin() {
        if (pins++ === 0) for (const { idle } of usages) idle.delete(entry);
      },
      unpin() {
        if (--pins === 0 && !released) for (const { idle } of usages) idle.add(entry); // as the last to be evicted
      },
      release() {
        if (released) return;
        released = true;
        for (const usage of usages) {
          usage.amount -= amount;
          usage.count -= 1;
          usage.idle.delete(entry);
        }
        if (name !== undefined && own?.count === 0) clients.delete(name);
      },
    };
    for (const usage of usages) {
      usage.count += 1;
      usage.idle.add(entry);
    }
    entry.grow(first);
    return entry;
  };

  function usageOf(name: string): Usage {
    const known = clients.get(name);
    if (known) return known;
    const usage: Usage = { amount: 0, count: 0, idle: new Set() };
    clients.set(name, usage);
    return usage;
  }
}

function makeRoom(usage: Usage, max: number): void {
  while (usage.amount > max && usage.count > 1) {
    const [longest] = usage.idle;
    if (!longest) return; // all of them are pinned
    longest.release();
    longest.onEvicted();
  }
}
