-- How a session was begun, and when somebody last proved in it who they are.
ALTER TABLE "sessions" ADD COLUMN "amr" TEXT[] DEFAULT ARRAY[]::TEXT[], ADD COLUMN "provenAt" TIMESTAMPTZ(3);
ALTER TABLE "admin_sessions" ADD COLUMN "amr" TEXT[] DEFAULT ARRAY[]::TEXT[];

-- A login is a proof. Whoever acts as a user has none.
UPDATE "sessions" SET "provenAt" = "createdAt" WHERE "impersonatedById" IS NULL;

-- Processes keep sessions in memory: they are notified of a new proof.
CREATE OR REPLACE FUNCTION tell_of_changed_sessions() RETURNS trigger LANGUAGE plpgsql
  SET search_path FROM CURRENT AS $$
BEGIN
  PERFORM tell_of_change('user', ARRAY(
    SELECT DISTINCT b."userId" FROM "before" b LEFT JOIN "after" a ON a."id" = b."id"
    WHERE (a."documentId", a."userId", a."provenAt") IS DISTINCT FROM (b."documentId", b."userId", b."provenAt")
  ));
  RETURN NULL;
END
$$;

-- Roles with an account of their own can prove who their users are.
INSERT INTO "permissions" ("roleId", "action")
  SELECT "roleId", 'auth.stepUp' FROM "permissions" WHERE "action" IN ('user.me', 'auth.logoutEverywhere')
  ON CONFLICT DO NOTHING;
