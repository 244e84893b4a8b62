ALTER TYPE "MailPurpose" ADD VALUE 'newDevice';
ALTER TYPE "CodePurpose" ADD VALUE 'disownLogin';

ALTER TABLE "settings" ADD COLUMN     "newDeviceMail" BOOLEAN NOT NULL DEFAULT false;

CREATE TABLE "known_devices" (
    "userId" INTEGER NOT NULL,
    "hash" TEXT NOT NULL,
    "lastSeenAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "known_devices_pkey" PRIMARY KEY ("userId","hash")
);
CREATE INDEX "known_devices_lastSeenAt_idx" ON "known_devices"("lastSeenAt");
ALTER TABLE "known_devices" ADD CONSTRAINT "known_devices_userId_fkey" FOREIGN KEY ("userId") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- Who can reset a password with a mailed code can say so when a login was not theirs.
INSERT INTO "permissions" ("roleId", "action")
  SELECT "roleId", 'auth.disownLogin' FROM "permissions" WHERE "action" = 'auth.resetPassword'
  ON CONFLICT DO NOTHING;
