/** Generates the Prisma client of the application here, and what is generated beside it, when its schema changed. */
export function generate(): void;

/** The same of what the tests work with, where it is: its models beside Gatehouse's own. */
export function generateForTests(): void;
