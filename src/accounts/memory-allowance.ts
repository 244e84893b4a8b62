/** Memory that comparisons share. */
export interface MemoryAllowance {
  /** Runs the work when there is memory for it, in the order of the calls. */
  within<Result>(bytes: number, work: () => Promise<Result>): Promise<Result>;
  /** How many wait for memory. */
  readonly waiting: number;
}

/** @param total more than the work of one call takes. */
export function createMemoryAllowance(total: number): MemoryAllowance {
  let free = total;
  const queue: { readonly bytes: number; readonly begin: () => void }[] = [];

  function beginNext(): void {
    for (let [next] = queue; next && next.bytes <= free; [next] = queue) {
      queue.shift();
      free -= next.bytes;
      next.begin();
    }
  }

  return {
    async within(bytes, work) {
      if (bytes === 0) return work();
      await new Promise<void>((begin) => {
        queue.push({ bytes, begin });
        beginNext();
      });
      try {
        return await work();
      } finally {
        free += bytes;
        beginNext();
      }
    },
    get waiting() {
      return queue.length;
    },
  };
}
