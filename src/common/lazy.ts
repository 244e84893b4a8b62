/** A value that is created on first use and then kept. */
export interface WhenNeeded<T> {
  /** Creates it again where that failed before: there may have been no file descriptor left to load it. */
  get(): Promise<T>;
  /** Calls `use` with the value if it was created. */
  ifMade(use: (made: T) => void): void;
}

/** For values that take memory and time to load, and that many processes do not need for a long time. */
export function whenNeeded<T>(make: () => Promise<T>): WhenNeeded<T> {
  let made: Promise<T> | undefined;
  return {
    get() {
      made ??= make().catch((error: unknown) => {
        made = undefined;
        throw error;
      });
      return made;
    },
    ifMade(use) {
      made?.then(use, () => {}); // whoever called get() has the error
    },
  };
}
