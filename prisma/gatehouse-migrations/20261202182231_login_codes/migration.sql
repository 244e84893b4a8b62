ALTER TYPE "MailPurpose" ADD VALUE 'identityLinked';
ALTER TYPE "MailPurpose" ADD VALUE 'identityUnlinked';

ALTER TABLE "login_providers" ADD COLUMN     "issuer" TEXT,
ADD COLUMN     "label" TEXT,
ADD COLUMN     "linking" TEXT,
ADD COLUMN     "scopes" TEXT;

ALTER TABLE "users" ADD COLUMN     "emailVerifiedAt" TIMESTAMPTZ(3);

CREATE TABLE "login_codes" (
    "hash" TEXT NOT NULL,
    "flow" TEXT NOT NULL,
    "userId" INTEGER NOT NULL,
    "tokenVersion" INTEGER NOT NULL,
    "provider" TEXT NOT NULL,
    "challenge" TEXT,
    "session" TEXT,
    "subject" TEXT,
    "email" TEXT,
    "emailVerified" BOOLEAN NOT NULL DEFAULT false,
    "expiresAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "login_codes_pkey" PRIMARY KEY ("hash")
);

CREATE UNIQUE INDEX "login_codes_flow_key" ON "login_codes"("flow");

CREATE INDEX "login_codes_userId_idx" ON "login_codes"("userId");

CREATE INDEX "login_codes_expiresAt_idx" ON "login_codes"("expiresAt");

ALTER TABLE "login_codes" ADD CONSTRAINT "login_codes_userId_fkey" FOREIGN KEY ("userId") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- Nobody knows of another address that the user reads its mails, unless the statement itself says so.
CREATE FUNCTION forget_verified_email() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
  IF NEW."emailVerifiedAt" IS NOT DISTINCT FROM OLD."emailVerifiedAt" THEN
    NEW."emailVerifiedAt" := NULL;
  END IF;
  RETURN NEW;
END
$$;

CREATE TRIGGER "users_forget_verified_email" BEFORE UPDATE OF "email" ON "users"
  FOR EACH ROW WHEN (NEW."email" IS DISTINCT FROM OLD."email") EXECUTE FUNCTION forget_verified_email();

-- What goes with a login is given to the roles that may log in, and what goes with an account to those that may change theirs.
INSERT INTO "permissions" ("roleId", "action")
  SELECT "roleId", 'auth.connect' FROM "permissions" WHERE "action" = 'auth.login'
  ON CONFLICT DO NOTHING;
INSERT INTO "permissions" ("roleId", "action")
  SELECT "roleId", 'user.identities' FROM "permissions" WHERE "action" = 'user.updateMe'
  ON CONFLICT DO NOTHING;
