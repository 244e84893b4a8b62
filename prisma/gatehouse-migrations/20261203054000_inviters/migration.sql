ALTER TABLE "invitations" ADD COLUMN     "actorId" TEXT;
CREATE INDEX "invitations_actorId_idx" ON "invitations"("actorId");

-- Of those that wait. An administrator is named by the e-mail, an API token by its name.
UPDATE "invitations" SET "actorId" = a."documentId" FROM "admins" a WHERE "inviterId" IS NULL AND a."email" = "invitedBy";
UPDATE "invitations" SET "actorId" = t."documentId" FROM "api_tokens" t
  WHERE "inviterId" IS NULL AND "actorId" IS NULL AND t."name" = "invitedBy";
