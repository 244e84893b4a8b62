-- CreateEnum
CREATE TYPE "AdminRole" AS ENUM ('ADMINISTRATOR', 'READ_ONLY');

-- CreateEnum
CREATE TYPE "ApiTokenKind" AS ENUM ('READ_ONLY', 'FULL_ACCESS', 'CUSTOM');

-- AlterEnum
ALTER TYPE "CodePurpose" ADD VALUE 'invitation';

-- AlterEnum
ALTER TYPE "MailPurpose" ADD VALUE 'invitation';
ALTER TYPE "MailPurpose" ADD VALUE 'adminInvitation';
ALTER TYPE "MailPurpose" ADD VALUE 'adminResetPassword';

-- AlterTable
ALTER TABLE "roles" ADD COLUMN     "version" INTEGER NOT NULL DEFAULT 1;

-- AlterTable
ALTER TABLE "settings" ADD COLUMN     "adminPasswordMinLength" INTEGER NOT NULL DEFAULT 8;

-- AlterTable
ALTER TABLE "users" ADD COLUMN     "blockReason" TEXT,
ADD COLUMN     "blockedUntil" TIMESTAMPTZ(3);

-- CreateTable
CREATE TABLE "admins" (
    "id" SERIAL NOT NULL,
    "documentId" TEXT NOT NULL,
    "email" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "passwordHash" TEXT NOT NULL,
    "role" "AdminRole" NOT NULL DEFAULT 'READ_ONLY',
    "tokenVersion" INTEGER NOT NULL DEFAULT 1,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updatedAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "admins_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "admin_sessions" (
    "id" SERIAL NOT NULL,
    "documentId" TEXT NOT NULL,
    "adminId" INTEGER NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "lastUsedAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "address" TEXT NOT NULL,
    "userAgent" TEXT,
    "expiresAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "admin_sessions_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "admin_codes" (
    "hash" TEXT NOT NULL,
    "adminId" INTEGER,
    "expiresAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "admin_codes_pkey" PRIMARY KEY ("hash")
);

-- CreateTable
CREATE TABLE "api_tokens" (
    "id" SERIAL NOT NULL,
    "documentId" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "description" TEXT,
    "kind" "ApiTokenKind" NOT NULL,
    "prefix" TEXT NOT NULL,
    "hash" TEXT NOT NULL,
    "lifespan" INTEGER,
    "expiresAt" TIMESTAMPTZ(3),
    "revokedAt" TIMESTAMPTZ(3),
    "lastUsedAt" TIMESTAMPTZ(3),
    "lastUsedFrom" TEXT,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updatedAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "api_tokens_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "api_token_permissions" (
    "tokenId" INTEGER NOT NULL,
    "action" TEXT NOT NULL,

    CONSTRAINT "api_token_permissions_pkey" PRIMARY KEY ("tokenId","action")
);

-- CreateTable
CREATE TABLE "audit_entries" (
    "id" BIGINT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "event" TEXT NOT NULL,
    "outcome" TEXT NOT NULL,
    "actorKind" TEXT NOT NULL,
    "actorId" TEXT,
    "actorName" TEXT,
    "targetKind" TEXT,
    "targetId" TEXT,
    "targetName" TEXT,
    "before" JSON,
    "after" JSON,
    "address" TEXT,
    "userAgent" TEXT,
    "requestId" TEXT,
    "previousHash" TEXT NOT NULL,
    "hash" TEXT NOT NULL,

    CONSTRAINT "audit_entries_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "audit_head" (
    "id" INTEGER NOT NULL DEFAULT 1,
    "entryId" BIGINT NOT NULL,
    "hash" TEXT NOT NULL,

    CONSTRAINT "audit_head_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "admins_documentId_key" ON "admins"("documentId");

-- CreateIndex
CREATE UNIQUE INDEX "admins_email_key" ON "admins"("email");

-- CreateIndex
CREATE UNIQUE INDEX "admin_sessions_documentId_key" ON "admin_sessions"("documentId");

-- CreateIndex
CREATE INDEX "admin_sessions_adminId_idx" ON "admin_sessions"("adminId");

-- CreateIndex
CREATE INDEX "admin_sessions_expiresAt_idx" ON "admin_sessions"("expiresAt");

-- CreateIndex
CREATE UNIQUE INDEX "admin_codes_adminId_key" ON "admin_codes"("adminId");

-- CreateIndex
CREATE INDEX "admin_codes_expiresAt_idx" ON "admin_codes"("expiresAt");

-- CreateIndex
CREATE UNIQUE INDEX "api_tokens_documentId_key" ON "api_tokens"("documentId");

-- CreateIndex
CREATE UNIQUE INDEX "api_tokens_name_key" ON "api_tokens"("name");

-- CreateIndex
CREATE UNIQUE INDEX "api_tokens_hash_key" ON "api_tokens"("hash");

-- CreateIndex
CREATE INDEX "audit_entries_at_idx" ON "audit_entries"("at");

-- CreateIndex
CREATE INDEX "audit_entries_event_idx" ON "audit_entries"("event");

-- CreateIndex
CREATE INDEX "audit_entries_actorId_idx" ON "audit_entries"("actorId");

-- CreateIndex
CREATE INDEX "audit_entries_targetId_idx" ON "audit_entries"("targetId");

-- AddForeignKey
ALTER TABLE "admin_sessions" ADD CONSTRAINT "admin_sessions_adminId_fkey" FOREIGN KEY ("adminId") REFERENCES "admins"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "admin_codes" ADD CONSTRAINT "admin_codes_adminId_fkey" FOREIGN KEY ("adminId") REFERENCES "admins"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "api_token_permissions" ADD CONSTRAINT "api_token_permissions_tokenId_fkey" FOREIGN KEY ("tokenId") REFERENCES "api_tokens"("id") ON DELETE CASCADE ON UPDATE CASCADE;

ALTER TABLE "settings" ADD CONSTRAINT "settings_adminPasswordMinLength_check" CHECK ("adminPasswordMinLength" BETWEEN 8 AND 64);

-- A block that ended by itself and is made anew is a new block, and ends the sessions of the time in between.
DROP TRIGGER "users_end_sessions" ON "users";
CREATE TRIGGER "users_end_sessions" BEFORE UPDATE OF "blocked", "blockedUntil" ON "users"
  FOR EACH ROW WHEN (NEW."blocked" AND (NOT OLD."blocked" OR NEW."blockedUntil" IS DISTINCT FROM OLD."blockedUntil"))
  EXECUTE FUNCTION end_sessions_of_blocked_user();

-- Whoever changes a role or its permissions, and by whatever means, raises its version.
CREATE FUNCTION raise_version_of_role() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW."version" = OLD."version" THEN
    NEW."version" := OLD."version" + 1;
  END IF;
  RETURN NEW;
END
$$;
CREATE TRIGGER "roles_raise_version" BEFORE UPDATE OF "name", "description", "type" ON "roles"
  FOR EACH ROW WHEN ((NEW."name", NEW."description", NEW."type") IS DISTINCT FROM (OLD."name", OLD."description", OLD."type"))
  EXECUTE FUNCTION raise_version_of_role();

CREATE FUNCTION raise_version_of_roles_of_permissions() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE "roles" SET "version" = "version" + 1 WHERE "id" IN (SELECT "roleId" FROM "changed");
  RETURN NULL;
END
$$;
CREATE TRIGGER "permissions_inserted" AFTER INSERT ON "permissions" REFERENCING NEW TABLE AS "changed"
  FOR EACH STATEMENT EXECUTE FUNCTION raise_version_of_roles_of_permissions();
CREATE TRIGGER "permissions_deleted" AFTER DELETE ON "permissions" REFERENCING OLD TABLE AS "changed"
  FOR EACH STATEMENT EXECUTE FUNCTION raise_version_of_roles_of_permissions();
CREATE TRIGGER "permissions_given" AFTER UPDATE ON "permissions" REFERENCING NEW TABLE AS "changed"
  FOR EACH STATEMENT EXECUTE FUNCTION raise_version_of_roles_of_permissions();
CREATE TRIGGER "permissions_taken" AFTER UPDATE ON "permissions" REFERENCING OLD TABLE AS "changed"
  FOR EACH STATEMENT EXECUTE FUNCTION raise_version_of_roles_of_permissions();

-- The audit log. Each entry carries the hash of the one before it, and one row knows the last: entries are written one
-- after the other, and one that was altered, removed or put elsewhere is found.
INSERT INTO "audit_head" ("id", "entryId", "hash") VALUES (1, 0, repeat('0', 64));
ALTER TABLE "audit_head" ADD CONSTRAINT "audit_head_one_row_check" CHECK ("id" = 1);

-- What of an entry is hashed, as one text. `npm run gatehouse -- audit verify` writes the same expression.
CREATE FUNCTION text_of_audit_entry(entry "audit_entries") RETURNS text LANGUAGE sql STABLE AS $$
  SELECT json_build_array(
    entry."id", floor(extract(epoch FROM entry."at") * 1000)::int8, entry."event", entry."outcome",
    entry."actorKind", entry."actorId", entry."actorName", entry."targetKind", entry."targetId", entry."targetName",
    entry."before"::text, entry."after"::text, entry."address", entry."userAgent", entry."requestId"
  )::text
$$;

CREATE FUNCTION chain_audit_entry() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  head "audit_head";
BEGIN
  SELECT * INTO STRICT head FROM "audit_head" WHERE "id" = 1 FOR UPDATE;
  NEW."id" := head."entryId" + 1;
  NEW."previousHash" := head."hash";
  NEW."hash" := encode(sha256(convert_to(NEW."previousHash" || E'\n' || text_of_audit_entry(NEW), 'UTF8')), 'hex');
  UPDATE "audit_head" SET "entryId" = NEW."id", "hash" = NEW."hash" WHERE "id" = 1;
  RETURN NEW;
END
$$;
CREATE TRIGGER "audit_entries_chain" BEFORE INSERT ON "audit_entries" FOR EACH ROW EXECUTE FUNCTION chain_audit_entry();

CREATE FUNCTION refuse_to_change_audit() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the audit log is written once and never changed' USING ERRCODE = 'insufficient_privilege';
END
$$;
CREATE TRIGGER "audit_entries_stay" BEFORE UPDATE OR DELETE OR TRUNCATE ON "audit_entries"
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_to_change_audit();
CREATE TRIGGER "audit_head_stays" BEFORE DELETE OR TRUNCATE OR INSERT ON "audit_head"
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_to_change_audit();
-- Only an entry that is written moves the head on.
CREATE TRIGGER "audit_head_moves" BEFORE UPDATE ON "audit_head"
  FOR EACH ROW WHEN (pg_trigger_depth() = 0) EXECUTE FUNCTION refuse_to_change_audit();
