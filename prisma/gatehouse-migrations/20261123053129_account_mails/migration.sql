-- CreateEnum
CREATE TYPE "MailPurpose" AS ENUM ('confirmEmail', 'resetPassword', 'changeEmail', 'emailChangeRequested', 'emailChanged', 'passwordChanged');

-- AlterEnum
ALTER TYPE "CodePurpose" ADD VALUE 'changeEmail';

-- AlterTable
ALTER TABLE "mailed_codes" ADD COLUMN     "newEmail" TEXT;

-- CreateTable
CREATE TABLE "mail_templates" (
    "purpose" "MailPurpose" NOT NULL,
    "subject" TEXT NOT NULL,
    "text" TEXT NOT NULL,
    "html" TEXT NOT NULL,
    "updatedAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "mail_templates_pkey" PRIMARY KEY ("purpose")
);

-- Whoever may confirm an address may have the mail sent again, and whoever may see their account may change it.
INSERT INTO "permissions" ("roleId", "action")
  SELECT "roleId", 'auth.sendEmailConfirmation' FROM "permissions" WHERE "action" = 'auth.emailConfirmation'
  ON CONFLICT DO NOTHING;
INSERT INTO "permissions" ("roleId", "action")
  SELECT "roleId", 'user.updateMe' FROM "permissions" WHERE "action" = 'user.me'
  ON CONFLICT DO NOTHING;
