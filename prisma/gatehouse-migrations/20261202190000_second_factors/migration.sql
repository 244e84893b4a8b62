-- Codes of apps and backup codes of users and administrators, and logins that wait for one.
ALTER TYPE "MailPurpose" ADD VALUE 'secondFactorAdded';
ALTER TYPE "MailPurpose" ADD VALUE 'secondFactorRemoved';
ALTER TYPE "MailPurpose" ADD VALUE 'secondFactorReset';
ALTER TYPE "MailPurpose" ADD VALUE 'backupCodesReplaced';

CREATE TABLE "totp_secrets" (
    "id" TEXT NOT NULL,
    "userId" INTEGER,
    "adminId" INTEGER,
    "confirmed" BOOLEAN NOT NULL DEFAULT false,
    "sealed" BYTEA NOT NULL,
    "lastStep" INTEGER NOT NULL DEFAULT 0,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "totp_secrets_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "totp_secrets_one_owner" CHECK (num_nonnulls("userId", "adminId") = 1)
);
CREATE TABLE "backup_codes" (
    "hash" TEXT NOT NULL,
    "userId" INTEGER,
    "adminId" INTEGER,

    CONSTRAINT "backup_codes_pkey" PRIMARY KEY ("hash"),
    CONSTRAINT "backup_codes_one_owner" CHECK (num_nonnulls("userId", "adminId") = 1)
);
CREATE TABLE "login_challenges" (
    "id" TEXT NOT NULL,
    "tries" INTEGER NOT NULL DEFAULT 0,
    "expiresAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "login_challenges_pkey" PRIMARY KEY ("id")
);
CREATE UNIQUE INDEX "totp_secrets_userId_confirmed_key" ON "totp_secrets"("userId", "confirmed");
CREATE UNIQUE INDEX "totp_secrets_adminId_confirmed_key" ON "totp_secrets"("adminId", "confirmed");
CREATE INDEX "backup_codes_userId_idx" ON "backup_codes"("userId");
CREATE INDEX "backup_codes_adminId_idx" ON "backup_codes"("adminId");
CREATE INDEX "login_challenges_expiresAt_idx" ON "login_challenges"("expiresAt");
ALTER TABLE "totp_secrets" ADD CONSTRAINT "totp_secrets_userId_fkey" FOREIGN KEY ("userId") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "backup_codes" ADD CONSTRAINT "backup_codes_userId_fkey" FOREIGN KEY ("userId") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- Those of administrators go with them.
CREATE FUNCTION delete_factors_of_admins() RETURNS trigger LANGUAGE plpgsql
  SET search_path FROM CURRENT AS $$
BEGIN
  DELETE FROM "totp_secrets" WHERE "adminId" IN (SELECT "id" FROM "before");
  DELETE FROM "backup_codes" WHERE "adminId" IN (SELECT "id" FROM "before");
  RETURN NULL;
END
$$;
CREATE TRIGGER admins_delete_factors AFTER DELETE ON admins
  REFERENCING OLD TABLE AS before
  FOR EACH STATEMENT
  EXECUTE FUNCTION delete_factors_of_admins();

-- What goes with a login is given to whoever may log in, and what goes with an account to whoever may see their own.
INSERT INTO "permissions" ("roleId", "action")
  SELECT "roleId", 'auth.completeLogin' FROM "permissions" WHERE "action" = 'auth.login'
  ON CONFLICT DO NOTHING;
INSERT INTO "permissions" ("roleId", "action")
  SELECT "roleId", given FROM "permissions", unnest(ARRAY['user.secondFactors', 'user.changeSecondFactors']) AS given
  WHERE "action" = 'user.me'
  ON CONFLICT DO NOTHING;
