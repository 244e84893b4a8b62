-- Sessions in which an administrator acts as a user.
ALTER TABLE "sessions" ADD COLUMN "impersonatedById" INTEGER;
CREATE INDEX "sessions_impersonatedById_idx" ON "sessions"("impersonatedById");

-- They end with the session of the administrator, however that ends.
CREATE FUNCTION end_impersonations() RETURNS trigger LANGUAGE plpgsql
  SET search_path FROM CURRENT AS $$
BEGIN
  DELETE FROM "sessions" WHERE "impersonatedById" IN (SELECT "id" FROM "before");
  RETURN NULL;
END
$$;
CREATE TRIGGER admin_sessions_end_impersonations AFTER DELETE ON admin_sessions
  REFERENCING OLD TABLE AS before
  FOR EACH STATEMENT
  EXECUTE FUNCTION end_impersonations();

-- Their end is in the audit log, whatever it was: another session, the account, time. Whoever ends one by itself records it
-- with their name, and makes it nobody's first (src/accounts/sessions/delete-impersonation.ts).
CREATE FUNCTION record_end_of_impersonation() RETURNS trigger LANGUAGE plpgsql
  SET search_path FROM CURRENT AS $$
BEGIN
  INSERT INTO "audit_entries" ("at", "event", "outcome", "actorKind", "targetKind", "targetId", "targetName", "before")
  VALUES (
    clock_timestamp(), 'user.endImpersonation', 'done', 'server', 'user',
    (SELECT "documentId" FROM "users" WHERE "id" = OLD."userId"), (SELECT "username" FROM "users" WHERE "id" = OLD."userId"),
    json_build_object('session', OLD."documentId")
  );
  RETURN NULL;
END
$$;
CREATE TRIGGER sessions_record_end_of_impersonation AFTER DELETE ON sessions
  FOR EACH ROW WHEN (OLD."impersonatedById" IS NOT NULL)
  EXECUTE FUNCTION record_end_of_impersonation();
