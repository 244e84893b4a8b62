-- The triggers in force, and their functions: what the database does by itself, whoever writes to it.
-- Migrations made them, and this file shows what came of all of them; nothing runs it when a server starts. It can be run
-- again (psql -f prisma/triggers.sql) where somebody has lost one, and changes nothing where all are there: a test compares
-- it with a migrated database. After a migration that changes one, change it here.

-- Functions mean the tables beside them, whatever the search path of the session that fires them.
SELECT set_config('search_path', quote_ident(current_schema()) || ', pg_temp', false);

-- ---------------------------------------------------------------- blocks

-- Revokes all tokens of a user, and deletes the sessions and mailed codes.
-- Migration: 20261123051239_sessions, 20261201111500_a_block_ends_codes, 20261201112000_functions_find_our_tables
CREATE OR REPLACE FUNCTION end_sessions_of_blocked_user() RETURNS trigger LANGUAGE plpgsql
  SET search_path FROM CURRENT AS $$
BEGIN
  NEW."tokenVersion" := OLD."tokenVersion" + 1;
  DELETE FROM "sessions" WHERE "userId" = NEW."id";
  DELETE FROM "mailed_codes" WHERE "userId" = NEW."id";
  RETURN NEW;
END
$$;

-- A block, or another end of it, revokes everything that lets the user in.
-- Migration: 20261123090217_administration
CREATE OR REPLACE TRIGGER users_end_sessions BEFORE UPDATE OF blocked, "blockedUntil" ON users
  FOR EACH ROW WHEN (NEW.blocked AND (NOT OLD.blocked OR NEW."blockedUntil" IS DISTINCT FROM OLD."blockedUntil"))
  EXECUTE FUNCTION end_sessions_of_blocked_user();

-- ---------------------------------------------------------------- addresses

-- Nobody knows of another address that the user reads its mails, unless the statement itself says so.
-- Migration: 20261202182231_login_codes
CREATE OR REPLACE FUNCTION forget_verified_email() RETURNS trigger LANGUAGE plpgsql
  SET search_path FROM CURRENT AS $$
BEGIN
  IF NEW."emailVerifiedAt" IS NOT DISTINCT FROM OLD."emailVerifiedAt" THEN
    NEW."emailVerifiedAt" := NULL;
  END IF;
  RETURN NEW;
END
$$;

-- An address that was changed, by anybody.
-- Migration: 20261202182231_login_codes
CREATE OR REPLACE TRIGGER users_forget_verified_email BEFORE UPDATE OF email ON users
  FOR EACH ROW WHEN (NEW.email IS DISTINCT FROM OLD.email)
  EXECUTE FUNCTION forget_verified_email();

-- ---------------------------------------------------------------- administrators who act as users

-- Ends the sessions in which an administrator acts as a user, with the session of the administrator.
-- Migration: 20261201220531_impersonation
CREATE OR REPLACE FUNCTION end_impersonations() RETURNS trigger LANGUAGE plpgsql
  SET search_path FROM CURRENT AS $$
BEGIN
  DELETE FROM "sessions" WHERE "impersonatedById" IN (SELECT "id" FROM "before");
  RETURN NULL;
END
$$;

-- However that ends.
-- Migration: 20261201220531_impersonation
CREATE OR REPLACE TRIGGER admin_sessions_end_impersonations AFTER DELETE ON admin_sessions
  REFERENCING OLD TABLE AS before
  FOR EACH STATEMENT
  EXECUTE FUNCTION end_impersonations();

-- Records the end of such a session by the server.
-- Migration: 20261201220531_impersonation
CREATE OR REPLACE FUNCTION record_end_of_impersonation() RETURNS trigger LANGUAGE plpgsql
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

-- Whatever ended it. Whoever ends one by itself records it with their name, and makes it nobody's first.
-- Migration: 20261201220531_impersonation
CREATE OR REPLACE TRIGGER sessions_record_end_of_impersonation AFTER DELETE ON sessions
  FOR EACH ROW WHEN (OLD."impersonatedById" IS NOT NULL)
  EXECUTE FUNCTION record_end_of_impersonation();

-- ---------------------------------------------------------------- second factors

-- Deletes the second factors of deleted administrators.
-- Migration: 20261202190000_second_factors, 20261202235500_passkeys
CREATE OR REPLACE FUNCTION delete_factors_of_admins() RETURNS trigger LANGUAGE plpgsql
  SET search_path FROM CURRENT AS $$
BEGIN
  DELETE FROM "totp_secrets" WHERE "adminId" IN (SELECT "id" FROM "before");
  DELETE FROM "backup_codes" WHERE "adminId" IN (SELECT "id" FROM "before");
  DELETE FROM "passkeys" WHERE "adminId" IN (SELECT "id" FROM "before");
  RETURN NULL;
END
$$;

-- However those are deleted.
-- Migration: 20261202190000_second_factors
CREATE OR REPLACE TRIGGER admins_delete_factors AFTER DELETE ON admins
  REFERENCING OLD TABLE AS before
  FOR EACH STATEMENT
  EXECUTE FUNCTION delete_factors_of_admins();

-- ---------------------------------------------------------------- versions of roles

-- Gives a changed role the next version, unless the statement itself gave it another.
-- Migration: 20261123090217_administration, 20261201112000_functions_find_our_tables
CREATE OR REPLACE FUNCTION raise_version_of_role() RETURNS trigger LANGUAGE plpgsql
  SET search_path FROM CURRENT AS $$
BEGIN
  IF NEW."version" = OLD."version" THEN
    NEW."version" := OLD."version" + 1;
  END IF;
  RETURN NEW;
END
$$;

-- Who saves a role names the version that they have seen: each change makes a new one.
-- Migration: 20261123090217_administration, 20261202193000_required_second_factors
CREATE OR REPLACE TRIGGER roles_raise_version BEFORE UPDATE OF name, description, type, "requiresSecondFactor" ON roles
  FOR EACH ROW WHEN ((NEW.name, NEW.description, NEW.type, NEW."requiresSecondFactor") IS DISTINCT FROM (OLD.name, OLD.description, OLD.type, OLD."requiresSecondFactor"))
  EXECUTE FUNCTION raise_version_of_role();

-- Gives the roles of changed permissions, or of changed includes, the next version.
-- Migration: 20261123090217_administration, 20261201112000_functions_find_our_tables
CREATE OR REPLACE FUNCTION raise_version_of_roles_of_permissions() RETURNS trigger LANGUAGE plpgsql
  SET search_path FROM CURRENT AS $$
BEGIN
  UPDATE "roles" SET "version" = "version" + 1 WHERE "id" IN (SELECT "roleId" FROM "changed");
  RETURN NULL;
END
$$;

-- Actions granted.
-- Migration: 20261123090217_administration
CREATE OR REPLACE TRIGGER permissions_inserted AFTER INSERT ON permissions
  REFERENCING NEW TABLE AS changed
  FOR EACH STATEMENT
  EXECUTE FUNCTION raise_version_of_roles_of_permissions();

-- Actions revoked.
-- Migration: 20261123090217_administration
CREATE OR REPLACE TRIGGER permissions_deleted AFTER DELETE ON permissions
  REFERENCING OLD TABLE AS changed
  FOR EACH STATEMENT
  EXECUTE FUNCTION raise_version_of_roles_of_permissions();

-- An updated permission: the role that has it now.
-- Migration: 20261123090217_administration
CREATE OR REPLACE TRIGGER permissions_given AFTER UPDATE ON permissions
  REFERENCING NEW TABLE AS changed
  FOR EACH STATEMENT
  EXECUTE FUNCTION raise_version_of_roles_of_permissions();

-- An updated permission: the role that had it before.
-- Migration: 20261123090217_administration
CREATE OR REPLACE TRIGGER permissions_taken AFTER UPDATE ON permissions
  REFERENCING OLD TABLE AS changed
  FOR EACH STATEMENT
  EXECUTE FUNCTION raise_version_of_roles_of_permissions();

-- A role includes another one.
-- Migration: 20261201174500_several_roles
CREATE OR REPLACE TRIGGER role_includes_inserted AFTER INSERT ON role_includes
  REFERENCING NEW TABLE AS changed
  FOR EACH STATEMENT
  EXECUTE FUNCTION raise_version_of_roles_of_permissions();

-- A role includes another one no more.
-- Migration: 20261201174500_several_roles
CREATE OR REPLACE TRIGGER role_includes_deleted AFTER DELETE ON role_includes
  REFERENCING OLD TABLE AS changed
  FOR EACH STATEMENT
  EXECUTE FUNCTION raise_version_of_roles_of_permissions();

-- An updated include: the role that has it now.
-- Migration: 20261201174500_several_roles
CREATE OR REPLACE TRIGGER role_includes_given AFTER UPDATE ON role_includes
  REFERENCING NEW TABLE AS changed
  FOR EACH STATEMENT
  EXECUTE FUNCTION raise_version_of_roles_of_permissions();

-- An updated include: the role that had it before.
-- Migration: 20261201174500_several_roles
CREATE OR REPLACE TRIGGER role_includes_taken AFTER UPDATE ON role_includes
  REFERENCING OLD TABLE AS changed
  FOR EACH STATEMENT
  EXECUTE FUNCTION raise_version_of_roles_of_permissions();

-- ---------------------------------------------------------------- roles that include roles

-- Waits for other transactions that include roles, and for those of the administration, which lock the same row. An older
-- snapshot would not show what they wrote.
-- Migration: 20261201174500_several_roles, 20261202051000_locks
CREATE OR REPLACE FUNCTION wait_for_other_includes() RETURNS trigger LANGUAGE plpgsql
  SET search_path FROM CURRENT AS $$
BEGIN
  IF current_setting('transaction_isolation') IN ('repeatable read', 'serializable') THEN
    RAISE EXCEPTION 'a role is included at the isolation level read committed: others do not see what was committed meanwhile'
      USING ERRCODE = 'feature_not_supported', HINT = 'BEGIN ISOLATION LEVEL READ COMMITTED';
  END IF;
  PERFORM FROM "locks" WHERE "name" = 'administration' FOR UPDATE;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'the row administration of locks is missing' USING HINT = 'INSERT INTO locks VALUES (''administration'')';
  END IF;
  RETURN NULL;
END
$$;

-- One after the other.
-- Migration: 20261201174500_several_roles
CREATE OR REPLACE TRIGGER role_includes_wait BEFORE INSERT OR UPDATE ON role_includes
  FOR EACH STATEMENT
  EXECUTE FUNCTION wait_for_other_includes();

-- Refuses the statement when a role includes itself through what it wrote.
-- Migration: 20261201174500_several_roles
CREATE OR REPLACE FUNCTION refuse_circles_of_includes() RETURNS trigger LANGUAGE plpgsql
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

-- No circle by a new include.
-- Migration: 20261201174500_several_roles
CREATE OR REPLACE TRIGGER role_includes_inserted_without_circles AFTER INSERT ON role_includes
  REFERENCING NEW TABLE AS changed
  FOR EACH STATEMENT
  EXECUTE FUNCTION refuse_circles_of_includes();

-- No circle by an updated one.
-- Migration: 20261201174500_several_roles
CREATE OR REPLACE TRIGGER role_includes_updated_without_circles AFTER UPDATE ON role_includes
  REFERENCING NEW TABLE AS changed
  FOR EACH STATEMENT
  EXECUTE FUNCTION refuse_circles_of_includes();

-- ---------------------------------------------------------------- the audit log

-- The text of an entry that is hashed. src/audit/verify.ts has the same expression.
-- Migration: 20261123090217_administration, 20261201112000_functions_find_our_tables
CREATE OR REPLACE FUNCTION text_of_audit_entry(entry audit_entries) RETURNS text LANGUAGE sql STABLE
  SET search_path FROM CURRENT AS $$
  SELECT json_build_array(
    entry."id", floor(extract(epoch FROM entry."at") * 1000)::int8, entry."event", entry."outcome",
    entry."actorKind", entry."actorId", entry."actorName", entry."targetKind", entry."targetId", entry."targetName",
    entry."before"::text, entry."after"::text, entry."address", entry."userAgent", entry."requestId"
  )::text
$$;

-- Gives an entry the next number, the hash of the entry before it and its own hash, and moves the head.
-- Migration: 20261123090217_administration, 20261201112000_functions_find_our_tables
CREATE OR REPLACE FUNCTION chain_audit_entry() RETURNS trigger LANGUAGE plpgsql
  SET search_path FROM CURRENT AS $$
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

-- Each entry becomes the end of the chain.
-- Migration: 20261123090217_administration
CREATE OR REPLACE TRIGGER audit_entries_chain BEFORE INSERT ON audit_entries
  FOR EACH ROW
  EXECUTE FUNCTION chain_audit_entry();

-- Refuses the statement.
-- Migration: 20261123090217_administration, 20261201112000_functions_find_our_tables
CREATE OR REPLACE FUNCTION refuse_to_change_audit() RETURNS trigger LANGUAGE plpgsql
  SET search_path FROM CURRENT AS $$
BEGIN
  RAISE EXCEPTION 'the audit log is written once and never changed' USING ERRCODE = 'insufficient_privilege';
END
$$;

-- Entries are never changed or deleted.
-- Migration: 20261123090217_administration
CREATE OR REPLACE TRIGGER audit_entries_stay BEFORE DELETE OR UPDATE OR TRUNCATE ON audit_entries
  FOR EACH STATEMENT
  EXECUTE FUNCTION refuse_to_change_audit();

-- The head is one row.
-- Migration: 20261123090217_administration
CREATE OR REPLACE TRIGGER audit_head_stays BEFORE INSERT OR DELETE OR TRUNCATE ON audit_head
  FOR EACH STATEMENT
  EXECUTE FUNCTION refuse_to_change_audit();

-- Only the trigger of an entry moves the head.
-- Migration: 20261123090217_administration
CREATE OR REPLACE TRIGGER audit_head_moves BEFORE UPDATE ON audit_head
  FOR EACH ROW WHEN (pg_trigger_depth() = 0)
  EXECUTE FUNCTION refuse_to_change_audit();

-- ---------------------------------------------------------------- notifications (src/database/notifications/changes.ts)

-- Notifies of rows by their ids; of more than 500, of all rows of the kind.
-- Migration: 20261123111500_changes_are_told, 20261201112000_functions_find_our_tables
CREATE OR REPLACE FUNCTION tell_of_change(kind text, ids integer[]) RETURNS void LANGUAGE plpgsql
  SET search_path FROM CURRENT AS $$
BEGIN
  IF cardinality(ids) > 0 THEN
    PERFORM pg_notify(
      'gatehouse_changes',
      kind || ' ' || CASE WHEN cardinality(ids) > 500 THEN '*' ELSE array_to_string(ids, ',') END
    );
  END IF;
END
$$;

-- Notifies of all rows of the kind that the trigger names.
-- Migration: 20261123111500_changes_are_told, 20261201112000_functions_find_our_tables
CREATE OR REPLACE FUNCTION tell_of_anything() RETURNS trigger LANGUAGE plpgsql
  SET search_path FROM CURRENT AS $$
BEGIN
  PERFORM pg_notify('gatehouse_changes', TG_ARGV[0] || ' *');
  RETURN NULL;
END
$$;

-- Notifies of users in whom something changed that decides what a request is allowed.
-- Migration: 20261123111500_changes_are_told, 20261201112000_functions_find_our_tables
CREATE OR REPLACE FUNCTION tell_of_changed_users() RETURNS trigger LANGUAGE plpgsql
  SET search_path FROM CURRENT AS $$
BEGIN
  PERFORM tell_of_change('user', ARRAY(
    SELECT b."id" FROM "before" b LEFT JOIN "after" a ON a."id" = b."id"
    WHERE (a."documentId", a."username", a."email", a."confirmed", a."blocked", a."blockedUntil", a."tokenVersion", a."roleId")
      IS DISTINCT FROM
      (b."documentId", b."username", b."email", b."confirmed", b."blocked", b."blockedUntil", b."tokenVersion", b."roleId")
  ));
  RETURN NULL;
END
$$;

-- Changed users.
-- Migration: 20261123111500_changes_are_told
CREATE OR REPLACE TRIGGER users_changes_are_told AFTER UPDATE ON users
  REFERENCING OLD TABLE AS before NEW TABLE AS after
  FOR EACH STATEMENT
  EXECUTE FUNCTION tell_of_changed_users();

-- Notifies of deleted users.
-- Migration: 20261123111500_changes_are_told, 20261201112000_functions_find_our_tables
CREATE OR REPLACE FUNCTION tell_of_deleted_users() RETURNS trigger LANGUAGE plpgsql
  SET search_path FROM CURRENT AS $$
BEGIN
  PERFORM tell_of_change('user', ARRAY(SELECT "id" FROM "before"));
  RETURN NULL;
END
$$;

-- Deleted users.
-- Migration: 20261123111500_changes_are_told
CREATE OR REPLACE TRIGGER users_deletions_are_told AFTER DELETE ON users
  REFERENCING OLD TABLE AS before
  FOR EACH STATEMENT
  EXECUTE FUNCTION tell_of_deleted_users();

-- Notifies of the users of sessions that became those of others, or in which somebody proved again who they are.
-- Migration: 20261123111500_changes_are_told, 20261201112000_functions_find_our_tables, 20261202183500_proofs_of_sessions
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

-- Changed sessions.
-- Migration: 20261123111500_changes_are_told
CREATE OR REPLACE TRIGGER sessions_changes_are_told AFTER UPDATE ON sessions
  REFERENCING OLD TABLE AS before NEW TABLE AS after
  FOR EACH STATEMENT
  EXECUTE FUNCTION tell_of_changed_sessions();

-- Notifies of the users of deleted sessions.
-- Migration: 20261123111500_changes_are_told, 20261201112000_functions_find_our_tables
CREATE OR REPLACE FUNCTION tell_of_ended_sessions() RETURNS trigger LANGUAGE plpgsql
  SET search_path FROM CURRENT AS $$
BEGIN
  PERFORM tell_of_change('user', ARRAY(SELECT DISTINCT "userId" FROM "before"));
  RETURN NULL;
END
$$;

-- Deleted sessions.
-- Migration: 20261123111500_changes_are_told
CREATE OR REPLACE TRIGGER sessions_ends_are_told AFTER DELETE ON sessions
  REFERENCING OLD TABLE AS before
  FOR EACH STATEMENT
  EXECUTE FUNCTION tell_of_ended_sessions();

-- Notifies of roles. Every change of permissions raises the version of a role, and so is one of it.
-- Migration: 20261123111500_changes_are_told, 20261201112000_functions_find_our_tables
CREATE OR REPLACE FUNCTION tell_of_roles() RETURNS trigger LANGUAGE plpgsql
  SET search_path FROM CURRENT AS $$
BEGIN
  PERFORM tell_of_change('role', ARRAY(SELECT "id" FROM "before"));
  RETURN NULL;
END
$$;

-- Changed roles.
-- Migration: 20261123111500_changes_are_told
CREATE OR REPLACE TRIGGER roles_changes_are_told AFTER UPDATE ON roles
  REFERENCING OLD TABLE AS before
  FOR EACH STATEMENT
  EXECUTE FUNCTION tell_of_roles();

-- Deleted roles.
-- Migration: 20261123111500_changes_are_told
CREATE OR REPLACE TRIGGER roles_deletions_are_told AFTER DELETE ON roles
  REFERENCING OLD TABLE AS before
  FOR EACH STATEMENT
  EXECUTE FUNCTION tell_of_roles();

-- Roles that include others: what those allow that include them has changed, too.
-- Migration: 20261201174500_several_roles
CREATE OR REPLACE TRIGGER role_includes_changes_are_told AFTER INSERT OR DELETE OR UPDATE ON role_includes
  FOR EACH STATEMENT
  EXECUTE FUNCTION tell_of_anything('role');

-- Notifies of users whose further roles changed.
-- Migration: 20261201174500_several_roles
CREATE OR REPLACE FUNCTION tell_of_users_with_further_roles() RETURNS trigger LANGUAGE plpgsql
  SET search_path FROM CURRENT AS $$
BEGIN
  PERFORM tell_of_change('user', ARRAY(SELECT DISTINCT "userId" FROM "changed"));
  RETURN NULL;
END
$$;

-- Further roles given.
-- Migration: 20261201174500_several_roles
CREATE OR REPLACE TRIGGER user_roles_inserted AFTER INSERT ON user_roles
  REFERENCING NEW TABLE AS changed
  FOR EACH STATEMENT
  EXECUTE FUNCTION tell_of_users_with_further_roles();

-- Further roles taken.
-- Migration: 20261201174500_several_roles
CREATE OR REPLACE TRIGGER user_roles_deleted AFTER DELETE ON user_roles
  REFERENCING OLD TABLE AS changed
  FOR EACH STATEMENT
  EXECUTE FUNCTION tell_of_users_with_further_roles();

-- An updated further role: the user who has it now.
-- Migration: 20261201174500_several_roles
CREATE OR REPLACE TRIGGER user_roles_given AFTER UPDATE ON user_roles
  REFERENCING NEW TABLE AS changed
  FOR EACH STATEMENT
  EXECUTE FUNCTION tell_of_users_with_further_roles();

-- An updated further role: the user who had it before.
-- Migration: 20261201174500_several_roles
CREATE OR REPLACE TRIGGER user_roles_taken AFTER UPDATE ON user_roles
  REFERENCING OLD TABLE AS changed
  FOR EACH STATEMENT
  EXECUTE FUNCTION tell_of_users_with_further_roles();

-- Notifies of users whose second factors changed.
-- Migration: 20261202193000_required_second_factors
CREATE OR REPLACE FUNCTION tell_of_factors() RETURNS trigger LANGUAGE plpgsql
  SET search_path FROM CURRENT AS $$
BEGIN
  PERFORM tell_of_change('user', ARRAY(SELECT DISTINCT "userId" FROM "changed" WHERE "userId" IS NOT NULL));
  RETURN NULL;
END
$$;

-- Factors set up.
-- Migration: 20261202193000_required_second_factors
CREATE OR REPLACE TRIGGER totp_secrets_insertions_are_told AFTER INSERT ON totp_secrets
  REFERENCING NEW TABLE AS changed
  FOR EACH STATEMENT
  EXECUTE FUNCTION tell_of_factors();

-- Factors confirmed.
-- Migration: 20261202193000_required_second_factors
CREATE OR REPLACE TRIGGER totp_secrets_changes_are_told AFTER UPDATE ON totp_secrets
  REFERENCING NEW TABLE AS changed
  FOR EACH STATEMENT
  EXECUTE FUNCTION tell_of_factors();

-- Factors removed.
-- Migration: 20261202193000_required_second_factors
CREATE OR REPLACE TRIGGER totp_secrets_deletions_are_told AFTER DELETE ON totp_secrets
  REFERENCING OLD TABLE AS changed
  FOR EACH STATEMENT
  EXECUTE FUNCTION tell_of_factors();

-- TRUNCATE of second factors: everything is read again.
-- Migration: 20261202193000_required_second_factors
CREATE OR REPLACE TRIGGER totp_secrets_truncation_is_told AFTER TRUNCATE ON totp_secrets
  FOR EACH STATEMENT
  EXECUTE FUNCTION tell_of_anything('*');

-- Passkeys added. A use of one changes nothing that processes keep.
-- Migration: 20261202235500_passkeys
CREATE OR REPLACE TRIGGER passkeys_insertions_are_told AFTER INSERT ON passkeys
  REFERENCING NEW TABLE AS changed
  FOR EACH STATEMENT
  EXECUTE FUNCTION tell_of_factors();

-- Passkeys removed.
-- Migration: 20261202235500_passkeys
CREATE OR REPLACE TRIGGER passkeys_deletions_are_told AFTER DELETE ON passkeys
  REFERENCING OLD TABLE AS changed
  FOR EACH STATEMENT
  EXECUTE FUNCTION tell_of_factors();

-- TRUNCATE of passkeys: everything is read again.
-- Migration: 20261202235500_passkeys
CREATE OR REPLACE TRIGGER passkeys_truncation_is_told AFTER TRUNCATE ON passkeys
  FOR EACH STATEMENT
  EXECUTE FUNCTION tell_of_anything('*');

-- Notifies of API tokens in which something changed that decides what a request is allowed.
-- Migration: 20261123111500_changes_are_told, 20261201112000_functions_find_our_tables
CREATE OR REPLACE FUNCTION tell_of_changed_tokens() RETURNS trigger LANGUAGE plpgsql
  SET search_path FROM CURRENT AS $$
BEGIN
  PERFORM tell_of_change('token', ARRAY(
    SELECT b."id" FROM "before" b LEFT JOIN "after" a ON a."id" = b."id"
    WHERE (a."documentId", a."name", a."kind", a."hash", a."expiresAt", a."revokedAt")
      IS DISTINCT FROM (b."documentId", b."name", b."kind", b."hash", b."expiresAt", b."revokedAt")
  ));
  RETURN NULL;
END
$$;

-- Changed API tokens.
-- Migration: 20261123111500_changes_are_told
CREATE OR REPLACE TRIGGER api_tokens_changes_are_told AFTER UPDATE ON api_tokens
  REFERENCING OLD TABLE AS before NEW TABLE AS after
  FOR EACH STATEMENT
  EXECUTE FUNCTION tell_of_changed_tokens();

-- Notifies of deleted API tokens.
-- Migration: 20261123111500_changes_are_told, 20261201112000_functions_find_our_tables
CREATE OR REPLACE FUNCTION tell_of_deleted_tokens() RETURNS trigger LANGUAGE plpgsql
  SET search_path FROM CURRENT AS $$
BEGIN
  PERFORM tell_of_change('token', ARRAY(SELECT "id" FROM "before"));
  RETURN NULL;
END
$$;

-- Deleted API tokens.
-- Migration: 20261123111500_changes_are_told
CREATE OR REPLACE TRIGGER api_tokens_deletions_are_told AFTER DELETE ON api_tokens
  REFERENCING OLD TABLE AS before
  FOR EACH STATEMENT
  EXECUTE FUNCTION tell_of_deleted_tokens();

-- Notifies of the API tokens of changed permissions.
-- Migration: 20261123111500_changes_are_told, 20261201112000_functions_find_our_tables
CREATE OR REPLACE FUNCTION tell_of_permissions_of_tokens() RETURNS trigger LANGUAGE plpgsql
  SET search_path FROM CURRENT AS $$
BEGIN
  PERFORM tell_of_change('token', ARRAY(SELECT DISTINCT "tokenId" FROM "changed"));
  RETURN NULL;
END
$$;

-- Actions given to a token.
-- Migration: 20261123111500_changes_are_told
CREATE OR REPLACE TRIGGER api_token_permissions_inserted AFTER INSERT ON api_token_permissions
  REFERENCING NEW TABLE AS changed
  FOR EACH STATEMENT
  EXECUTE FUNCTION tell_of_permissions_of_tokens();

-- Actions taken from a token.
-- Migration: 20261123111500_changes_are_told
CREATE OR REPLACE TRIGGER api_token_permissions_deleted AFTER DELETE ON api_token_permissions
  REFERENCING OLD TABLE AS changed
  FOR EACH STATEMENT
  EXECUTE FUNCTION tell_of_permissions_of_tokens();

-- An updated permission: the token that has it now.
-- Migration: 20261123111500_changes_are_told
CREATE OR REPLACE TRIGGER api_token_permissions_given AFTER UPDATE ON api_token_permissions
  REFERENCING NEW TABLE AS changed
  FOR EACH STATEMENT
  EXECUTE FUNCTION tell_of_permissions_of_tokens();

-- An updated permission: the token that had it before.
-- Migration: 20261123111500_changes_are_told
CREATE OR REPLACE TRIGGER api_token_permissions_taken AFTER UPDATE ON api_token_permissions
  REFERENCING OLD TABLE AS changed
  FOR EACH STATEMENT
  EXECUTE FUNCTION tell_of_permissions_of_tokens();

-- Changed settings.
-- Migration: 20261123111500_changes_are_told
CREATE OR REPLACE TRIGGER settings_changes_are_told AFTER INSERT OR DELETE OR UPDATE ON settings
  FOR EACH STATEMENT
  EXECUTE FUNCTION tell_of_anything('settings');

-- TRUNCATE of settings: everything is read again.
-- Migration: 20261123111500_changes_are_told
CREATE OR REPLACE TRIGGER settings_truncation_is_told AFTER TRUNCATE ON settings
  FOR EACH STATEMENT
  EXECUTE FUNCTION tell_of_anything('*');

-- Changed signing keys.
-- Migration: 20261202235200_signing_keys
CREATE OR REPLACE TRIGGER signing_keys_changes_are_told AFTER INSERT OR DELETE OR UPDATE ON signing_keys
  FOR EACH STATEMENT
  EXECUTE FUNCTION tell_of_anything('key');

-- TRUNCATE of signing keys: everything is read again.
-- Migration: 20261202235200_signing_keys
CREATE OR REPLACE TRIGGER signing_keys_truncation_is_told AFTER TRUNCATE ON signing_keys
  FOR EACH STATEMENT
  EXECUTE FUNCTION tell_of_anything('*');

-- TRUNCATE of users: everything is read again.
-- Migration: 20261123111500_changes_are_told
CREATE OR REPLACE TRIGGER users_truncation_is_told AFTER TRUNCATE ON users
  FOR EACH STATEMENT
  EXECUTE FUNCTION tell_of_anything('*');

-- TRUNCATE of sessions: everything is read again.
-- Migration: 20261123111500_changes_are_told
CREATE OR REPLACE TRIGGER sessions_truncation_is_told AFTER TRUNCATE ON sessions
  FOR EACH STATEMENT
  EXECUTE FUNCTION tell_of_anything('*');

-- TRUNCATE of roles: everything is read again.
-- Migration: 20261123111500_changes_are_told
CREATE OR REPLACE TRIGGER roles_truncation_is_told AFTER TRUNCATE ON roles
  FOR EACH STATEMENT
  EXECUTE FUNCTION tell_of_anything('*');

-- TRUNCATE of permissions: everything is read again.
-- Migration: 20261123111500_changes_are_told
CREATE OR REPLACE TRIGGER permissions_truncation_is_told AFTER TRUNCATE ON permissions
  FOR EACH STATEMENT
  EXECUTE FUNCTION tell_of_anything('*');

-- TRUNCATE of api tokens: everything is read again.
-- Migration: 20261123111500_changes_are_told
CREATE OR REPLACE TRIGGER api_tokens_truncation_is_told AFTER TRUNCATE ON api_tokens
  FOR EACH STATEMENT
  EXECUTE FUNCTION tell_of_anything('*');

-- TRUNCATE of api token permissions: everything is read again.
-- Migration: 20261123111500_changes_are_told
CREATE OR REPLACE TRIGGER api_token_permissions_truncation_is_told AFTER TRUNCATE ON api_token_permissions
  FOR EACH STATEMENT
  EXECUTE FUNCTION tell_of_anything('*');

-- TRUNCATE of further roles: everything is read again.
-- Migration: 20261201174500_several_roles
CREATE OR REPLACE TRIGGER user_roles_truncation_is_told AFTER TRUNCATE ON user_roles
  FOR EACH STATEMENT
  EXECUTE FUNCTION tell_of_anything('*');

-- TRUNCATE of includes: everything is read again.
-- Migration: 20261201174500_several_roles
CREATE OR REPLACE TRIGGER role_includes_truncation_is_told AFTER TRUNCATE ON role_includes
  FOR EACH STATEMENT
  EXECUTE FUNCTION tell_of_anything('*');

-- ---------------------------------------------------------------- content

-- Ends a write whose row does not pass its check: the statement that writes calls it, and is rolled back.
-- Migration: 20261201181500_refuse_write
CREATE OR REPLACE FUNCTION refuse_write() RETURNS integer LANGUAGE plpgsql
  SET search_path FROM CURRENT AS $$
BEGIN
  RAISE EXCEPTION 'This write is refused' USING ERRCODE = 'GH001';
END
$$;
