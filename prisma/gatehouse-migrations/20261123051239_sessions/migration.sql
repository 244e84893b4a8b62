-- CreateEnum
CREATE TYPE "SessionMode" AS ENUM ('plain', 'refresh');

-- AlterTable
ALTER TABLE "settings" ADD COLUMN     "accessTokenLifespan" INTEGER NOT NULL DEFAULT 900,
ADD COLUMN     "idleRefreshTokenLifespan" INTEGER NOT NULL DEFAULT 1209600,
ADD COLUMN     "maxRefreshTokenLifespan" INTEGER NOT NULL DEFAULT 2592000,
ADD COLUMN     "refreshTokenInCookie" BOOLEAN NOT NULL DEFAULT false,
ADD COLUMN     "sessionMode" "SessionMode" NOT NULL DEFAULT 'plain';

-- CreateTable
CREATE TABLE "sessions" (
    "id" SERIAL NOT NULL,
    "documentId" TEXT NOT NULL,
    "userId" INTEGER NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "lastUsedAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "address" TEXT NOT NULL,
    "userAgent" TEXT,
    "tokenVersion" INTEGER NOT NULL,
    "expiresAt" TIMESTAMPTZ(3) NOT NULL,
    "idleUntil" TIMESTAMPTZ(3),
    "familyHash" TEXT,
    "refreshHash" TEXT,

    CONSTRAINT "sessions_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "sessions_documentId_key" ON "sessions"("documentId");

-- CreateIndex
CREATE UNIQUE INDEX "sessions_familyHash_key" ON "sessions"("familyHash");

-- CreateIndex
CREATE INDEX "sessions_userId_idx" ON "sessions"("userId");

-- CreateIndex
CREATE INDEX "sessions_expiresAt_idx" ON "sessions"("expiresAt");

-- AddForeignKey
ALTER TABLE "sessions" ADD CONSTRAINT "sessions_userId_fkey" FOREIGN KEY ("userId") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- A life is some time, and none of them is longer than what it is part of.
ALTER TABLE "settings" ADD CONSTRAINT "settings_lifespans_check" CHECK (
  0 < "accessTokenLifespan" AND "accessTokenLifespan" <= "idleRefreshTokenLifespan"
  AND "idleRefreshTokenLifespan" <= "maxRefreshTokenLifespan"
);

-- Whoever blocks a user, and by whatever means, ends every token of that user: also for the time after the block.
CREATE FUNCTION end_sessions_of_blocked_user() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW."tokenVersion" := OLD."tokenVersion" + 1;
  DELETE FROM "sessions" WHERE "userId" = NEW."id";
  RETURN NEW;
END
$$;

CREATE TRIGGER "users_end_sessions" BEFORE UPDATE OF "blocked" ON "users"
  FOR EACH ROW WHEN (NEW."blocked" AND NOT OLD."blocked") EXECUTE FUNCTION end_sessions_of_blocked_user();

-- What goes with a login is given to whoever may log in, and what goes with an account to whoever may see their own.
INSERT INTO "permissions" ("roleId", "action")
  SELECT "roleId", given FROM "permissions", unnest(ARRAY['auth.refresh', 'auth.logout']) AS given WHERE "action" = 'auth.login'
  ON CONFLICT DO NOTHING;
INSERT INTO "permissions" ("roleId", "action")
  SELECT "roleId", given FROM "permissions", unnest(ARRAY['auth.logoutEverywhere', 'user.sessions', 'user.revokeSession']) AS given
  WHERE "action" = 'user.me'
  ON CONFLICT DO NOTHING;
