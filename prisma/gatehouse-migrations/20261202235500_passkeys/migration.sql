-- Passkeys of users and administrators, and what authenticators have to sign.
ALTER TYPE "MailPurpose" ADD VALUE 'passkeyAdded';
ALTER TYPE "MailPurpose" ADD VALUE 'passkeyRemoved';

CREATE TABLE "passkeys" (
    "id" TEXT NOT NULL,
    "credentialId" TEXT NOT NULL,
    "userId" INTEGER,
    "adminId" INTEGER,
    "publicKey" BYTEA NOT NULL,
    "counter" BIGINT NOT NULL DEFAULT 0,
    "transports" TEXT[] DEFAULT ARRAY[]::TEXT[],
    "backupEligible" BOOLEAN NOT NULL,
    "backedUp" BOOLEAN NOT NULL,
    "aaguid" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "lastUsedAt" TIMESTAMPTZ(3),

    CONSTRAINT "passkeys_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "passkeys_one_owner" CHECK (num_nonnulls("userId", "adminId") = 1)
);
CREATE TABLE "passkey_challenges" (
    "hash" TEXT NOT NULL,
    "expiresAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "passkey_challenges_pkey" PRIMARY KEY ("hash")
);
CREATE UNIQUE INDEX "passkeys_credentialId_key" ON "passkeys"("credentialId");
CREATE INDEX "passkeys_userId_idx" ON "passkeys"("userId");
CREATE INDEX "passkeys_adminId_idx" ON "passkeys"("adminId");
CREATE INDEX "passkey_challenges_expiresAt_idx" ON "passkey_challenges"("expiresAt");
ALTER TABLE "passkeys" ADD CONSTRAINT "passkeys_userId_fkey" FOREIGN KEY ("userId") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- Those of administrators go with them.
CREATE OR REPLACE FUNCTION delete_factors_of_admins() RETURNS trigger LANGUAGE plpgsql
  SET search_path FROM CURRENT AS $$
BEGIN
  DELETE FROM "totp_secrets" WHERE "adminId" IN (SELECT "id" FROM "before");
  DELETE FROM "backup_codes" WHERE "adminId" IN (SELECT "id" FROM "before");
  DELETE FROM "passkeys" WHERE "adminId" IN (SELECT "id" FROM "before");
  RETURN NULL;
END
$$;

-- A passkey meets what a role requires. A use of it changes nothing of that.
CREATE TRIGGER passkeys_insertions_are_told AFTER INSERT ON passkeys
  REFERENCING NEW TABLE AS changed
  FOR EACH STATEMENT
  EXECUTE FUNCTION tell_of_factors();
CREATE TRIGGER passkeys_deletions_are_told AFTER DELETE ON passkeys
  REFERENCING OLD TABLE AS changed
  FOR EACH STATEMENT
  EXECUTE FUNCTION tell_of_factors();
CREATE TRIGGER passkeys_truncation_is_told AFTER TRUNCATE ON passkeys
  FOR EACH STATEMENT
  EXECUTE FUNCTION tell_of_anything('*');

-- What goes with a login is given to whoever may log in, and what goes with an account to whoever may see their own.
INSERT INTO "permissions" ("roleId", "action")
  SELECT "roleId", 'auth.loginWithPasskey' FROM "permissions" WHERE "action" = 'auth.login'
  ON CONFLICT DO NOTHING;
INSERT INTO "permissions" ("roleId", "action")
  SELECT "roleId", given FROM "permissions", unnest(ARRAY['user.passkeys', 'user.changePasskeys']) AS given
  WHERE "action" = 'user.me'
  ON CONFLICT DO NOTHING;
