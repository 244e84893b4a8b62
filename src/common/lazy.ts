/** Something that is made when it is first asked for, and kept. */
export interface WhenNeeded<T> {
  /** Made anew where it could not be made before: there may have been no file descriptor left to load it. */
  get(): Promise<T>;
  /** Does something with it, if there is one. */
  ifMade(use: (made: T) => void): void;
}

/** For what takes memory and time to load, and that most processes do without for a long time. */
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
      made?.then(use, () => {}); // whoever asked for it was told
    },
  };
}
