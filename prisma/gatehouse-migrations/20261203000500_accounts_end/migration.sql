ALTER TYPE "MailPurpose" ADD VALUE 'deletionRequested';
ALTER TYPE "MailPurpose" ADD VALUE 'accountDeleted';

ALTER TABLE "users" ADD COLUMN     "deletesAt" TIMESTAMPTZ(3);
CREATE INDEX "users_deletesAt_idx" ON "users"("deletesAt");

ALTER TABLE "settings" ADD COLUMN     "deleteGraceDays" INTEGER NOT NULL DEFAULT 0;

-- Who may see their own account may have it as a file. To delete it is given to nobody: it takes content with it.
INSERT INTO "permissions" ("roleId", "action")
  SELECT "roleId", 'user.exportMe' FROM "permissions" WHERE "action" = 'user.me'
  ON CONFLICT DO NOTHING;
