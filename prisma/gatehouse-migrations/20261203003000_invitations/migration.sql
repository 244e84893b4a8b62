ALTER TYPE "MailPurpose" ADD VALUE 'userInvitation';

ALTER TABLE "settings" ADD COLUMN     "acceptInvitationUrl" TEXT;

CREATE TABLE "invitations" (
    "id" SERIAL NOT NULL,
    "documentId" TEXT NOT NULL,
    "email" TEXT NOT NULL,
    "hash" TEXT NOT NULL,
    "roleId" INTEGER NOT NULL,
    "invitedBy" TEXT NOT NULL,
    "inviterId" INTEGER,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expiresAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "invitations_pkey" PRIMARY KEY ("id")
);
CREATE UNIQUE INDEX "invitations_documentId_key" ON "invitations"("documentId");
CREATE UNIQUE INDEX "invitations_hash_key" ON "invitations"("hash");
CREATE INDEX "invitations_email_idx" ON "invitations"("email");
CREATE INDEX "invitations_roleId_idx" ON "invitations"("roleId");
CREATE INDEX "invitations_inviterId_idx" ON "invitations"("inviterId");
CREATE INDEX "invitations_expiresAt_idx" ON "invitations"("expiresAt");
ALTER TABLE "invitations" ADD CONSTRAINT "invitations_roleId_fkey" FOREIGN KEY ("roleId") REFERENCES "roles"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "invitations" ADD CONSTRAINT "invitations_inviterId_fkey" FOREIGN KEY ("inviterId") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- Who can reset a password with a mailed code can accept an invitation with one. To invite is given to nobody.
INSERT INTO "permissions" ("roleId", "action")
  SELECT "roleId", 'auth.acceptInvitation' FROM "permissions" WHERE "action" = 'auth.resetPassword'
  ON CONFLICT DO NOTHING;
