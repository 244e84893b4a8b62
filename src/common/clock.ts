/** What time it is. Given as an argument, so that a test can be an hour later without waiting for it. */
export type Clock = () => Date;

/** The time of this machine. */
export const systemClock: Clock = () => new Date();
