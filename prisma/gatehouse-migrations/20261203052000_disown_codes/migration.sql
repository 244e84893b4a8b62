CREATE TABLE "disown_codes" (
    "hash" TEXT NOT NULL,
    "userId" INTEGER NOT NULL,
    "email" TEXT NOT NULL,
    "device" TEXT NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL,
    "expiresAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "disown_codes_pkey" PRIMARY KEY ("hash")
);
CREATE INDEX "disown_codes_userId_createdAt_idx" ON "disown_codes"("userId", "createdAt");
CREATE INDEX "disown_codes_expiresAt_idx" ON "disown_codes"("expiresAt");
ALTER TABLE "disown_codes" ADD CONSTRAINT "disown_codes_userId_fkey" FOREIGN KEY ("userId") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- Links that were mailed before stay good. Their device is not known.
INSERT INTO "disown_codes" ("hash", "userId", "email", "device", "createdAt", "expiresAt")
  SELECT c."hash", c."userId", u."email", '', c."expiresAt" - interval '7 days', c."expiresAt"
  FROM "mailed_codes" c JOIN "users" u ON u."id" = c."userId" WHERE c."purpose"::text = 'disownLogin';
DELETE FROM "mailed_codes" WHERE "purpose"::text = 'disownLogin';

CREATE TYPE "CodePurpose_new" AS ENUM ('login', 'confirmEmail', 'resetPassword', 'changeEmail', 'invitation', 'stepUp');
ALTER TABLE "mailed_codes" ALTER COLUMN "purpose" TYPE "CodePurpose_new" USING ("purpose"::text::"CodePurpose_new");
ALTER TYPE "CodePurpose" RENAME TO "CodePurpose_old";
ALTER TYPE "CodePurpose_new" RENAME TO "CodePurpose";
DROP TYPE "CodePurpose_old";
