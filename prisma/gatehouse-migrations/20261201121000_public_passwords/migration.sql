-- AlterTable
ALTER TABLE "admins" ADD COLUMN     "publicPassword" BOOLEAN NOT NULL DEFAULT false;

-- AlterTable
ALTER TABLE "users" ADD COLUMN     "publicPassword" BOOLEAN NOT NULL DEFAULT false;

-- Whose password it is was not kept so far. The demo users are among the first that a database has, whatever they are called
-- by now; they are compared once, at the next start in production. A large database is not compared whole.
UPDATE "users" SET "publicPassword" = true WHERE "id" IN (SELECT "id" FROM "users" ORDER BY "id" LIMIT 100);
UPDATE "admins" SET "publicPassword" = true WHERE "id" IN (SELECT "id" FROM "admins" ORDER BY "id" LIMIT 100);

-- As good as empty in production.
CREATE INDEX "users_publicPassword_idx" ON "users"("id") WHERE "publicPassword";
