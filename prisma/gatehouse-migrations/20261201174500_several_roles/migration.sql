-- Further roles of a user, beside the main one.
CREATE TABLE "user_roles" (
    "userId" INTEGER NOT NULL,
    "roleId" INTEGER NOT NULL,

    CONSTRAINT "user_roles_pkey" PRIMARY KEY ("userId","roleId")
);
CREATE INDEX "user_roles_roleId_idx" ON "user_roles"("roleId");
ALTER TABLE "user_roles" ADD CONSTRAINT "user_roles_userId_fkey" FOREIGN KEY ("userId") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "user_roles" ADD CONSTRAINT "user_roles_roleId_fkey" FOREIGN KEY ("roleId") REFERENCES "roles"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- Roles that have the permissions of others.
CREATE TABLE "role_includes" (
    "roleId" INTEGER NOT NULL,
    "includedId" INTEGER NOT NULL,

    CONSTRAINT "role_includes_pkey" PRIMARY KEY ("roleId","includedId")
);
CREATE INDEX "role_includes_includedId_idx" ON "role_includes"("includedId");
ALTER TABLE "role_includes" ADD CONSTRAINT "role_includes_roleId_fkey" FOREIGN KEY ("roleId") REFERENCES "roles"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "role_includes" ADD CONSTRAINT "role_includes_includedId_fkey" FOREIGN KEY ("includedId") REFERENCES "roles"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- Every role of each user, the main one and the further ones, each of them once.
CREATE VIEW "roles_of_users" AS
  SELECT "id" AS "userId", "roleId" FROM "users"
  UNION ALL
  SELECT f."userId", f."roleId" FROM "user_roles" f JOIN "users" u ON u."id" = f."userId" WHERE f."roleId" <> u."roleId";

-- Roles never include each other in a circle, whoever writes, and how many do at the same time: the second waits for the
-- first, and then sees what it wrote. The administration holds the same lock (src/administration/administration.ts).
CREATE FUNCTION wait_for_other_includes() RETURNS trigger LANGUAGE plpgsql
  SET search_path FROM CURRENT AS $$
BEGIN
  IF current_setting('transaction_isolation') IN ('repeatable read', 'serializable') THEN
    RAISE EXCEPTION 'a role is included at the isolation level read committed: others do not see what was committed meanwhile'
      USING ERRCODE = 'feature_not_supported', HINT = 'BEGIN ISOLATION LEVEL READ COMMITTED';
  END IF;
  PERFORM pg_advisory_xact_lock(7461284);
  RETURN NULL;
END
$$;

CREATE FUNCTION refuse_circles_of_includes() RETURNS trigger LANGUAGE plpgsql
  SET search_path FROM CURRENT AS $$
BEGIN
  IF EXISTS (
    WITH RECURSIVE reached("from", "to") AS (
      SELECT "roleId", "includedId" FROM "changed"
      UNION
      SELECT r."from", i."includedId" FROM reached r JOIN "role_includes" i ON i."roleId" = r."to"
    )
    SELECT 1 FROM reached WHERE "from" = "to"
  ) THEN
    RAISE EXCEPTION 'roles cannot include each other in a circle' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END
$$;

CREATE TRIGGER role_includes_wait BEFORE INSERT OR UPDATE ON "role_includes"
  FOR EACH STATEMENT EXECUTE FUNCTION wait_for_other_includes();
CREATE TRIGGER role_includes_inserted_without_circles AFTER INSERT ON "role_includes"
  REFERENCING NEW TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_circles_of_includes();
CREATE TRIGGER role_includes_updated_without_circles AFTER UPDATE ON "role_includes"
  REFERENCING NEW TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_circles_of_includes();

-- What a role includes is a part of it: a change gives it the next version, which is notified. And `role *` besides: what the
-- roles that include it allow has changed, too.
CREATE TRIGGER role_includes_inserted AFTER INSERT ON "role_includes"
  REFERENCING NEW TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION raise_version_of_roles_of_permissions();
CREATE TRIGGER role_includes_deleted AFTER DELETE ON "role_includes"
  REFERENCING OLD TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION raise_version_of_roles_of_permissions();
CREATE TRIGGER role_includes_given AFTER UPDATE ON "role_includes"
  REFERENCING NEW TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION raise_version_of_roles_of_permissions();
CREATE TRIGGER role_includes_taken AFTER UPDATE ON "role_includes"
  REFERENCING OLD TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION raise_version_of_roles_of_permissions();
CREATE TRIGGER role_includes_changes_are_told AFTER INSERT OR DELETE OR UPDATE ON "role_includes"
  FOR EACH STATEMENT EXECUTE FUNCTION tell_of_anything('role');
CREATE TRIGGER role_includes_truncation_is_told AFTER TRUNCATE ON "role_includes"
  FOR EACH STATEMENT EXECUTE FUNCTION tell_of_anything('*');

CREATE FUNCTION tell_of_users_with_further_roles() RETURNS trigger LANGUAGE plpgsql
  SET search_path FROM CURRENT AS $$
BEGIN
  PERFORM tell_of_change('user', ARRAY(SELECT DISTINCT "userId" FROM "changed"));
  RETURN NULL;
END
$$;

CREATE TRIGGER user_roles_inserted AFTER INSERT ON "user_roles"
  REFERENCING NEW TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION tell_of_users_with_further_roles();
CREATE TRIGGER user_roles_deleted AFTER DELETE ON "user_roles"
  REFERENCING OLD TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION tell_of_users_with_further_roles();
CREATE TRIGGER user_roles_given AFTER UPDATE ON "user_roles"
  REFERENCING NEW TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION tell_of_users_with_further_roles();
CREATE TRIGGER user_roles_taken AFTER UPDATE ON "user_roles"
  REFERENCING OLD TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION tell_of_users_with_further_roles();
CREATE TRIGGER user_roles_truncation_is_told AFTER TRUNCATE ON "user_roles"
  FOR EACH STATEMENT EXECUTE FUNCTION tell_of_anything('*');
