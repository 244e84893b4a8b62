/** The current time. Passed as an argument, so that a test can move an hour ahead without waiting. */
export type Clock = () => Date;

/** The time of this machine. */
export const systemClock: Clock = () => new Date();
