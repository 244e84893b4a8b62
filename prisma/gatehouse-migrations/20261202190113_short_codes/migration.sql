ALTER TYPE "CodePurpose" ADD VALUE 'login';

ALTER TYPE "MailPurpose" ADD VALUE 'loginCode';

ALTER TABLE "mailed_codes" ADD COLUMN     "triesLeft" INTEGER;

ALTER TABLE "settings" ADD COLUMN     "emailLoginCodes" BOOLEAN NOT NULL DEFAULT false,
ADD COLUMN     "loginCodeUrl" TEXT;

-- The roles that may log in may do so with a mailed code, too, where the setting allows it.
INSERT INTO "permissions" ("roleId", "action")
  SELECT "roleId", 'auth.loginWithCode' FROM "permissions" WHERE "action" = 'auth.login'
  ON CONFLICT DO NOTHING;
