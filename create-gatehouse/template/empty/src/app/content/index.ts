// The content types of this server. A new one is its Prisma model, its file beside this one, its line here, a migration.
export {};
