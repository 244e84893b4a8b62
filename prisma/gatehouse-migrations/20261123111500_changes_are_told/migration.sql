-- Who may what is kept in the memory of every process. Whatever changes it is told to all of them when it is committed,
-- whoever did it: this server, another one, or psql. src/database/changes.ts reads what is said here.

-- `user 3,17`, `role *`, …: what was changed, and which rows. Names of many rows would not fit into a notification.
CREATE FUNCTION tell_of_change(kind text, ids integer[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  IF cardinality(ids) > 0 THEN
    PERFORM pg_notify(
      'gatehouse_changes',
      kind || ' ' || CASE WHEN cardinality(ids) > 500 THEN '*' ELSE array_to_string(ids, ',') END
    );
  END IF;
END
$$;

CREATE FUNCTION tell_of_changed_users() RETURNS trigger LANGUAGE plpgsql AS $$
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
CREATE TRIGGER "users_changes_are_told" AFTER UPDATE ON "users" REFERENCING OLD TABLE AS "before" NEW TABLE AS "after"
  FOR EACH STATEMENT EXECUTE FUNCTION tell_of_changed_users();

CREATE FUNCTION tell_of_deleted_users() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM tell_of_change('user', ARRAY(SELECT "id" FROM "before"));
  RETURN NULL;
END
$$;
CREATE TRIGGER "users_deletions_are_told" AFTER DELETE ON "users" REFERENCING OLD TABLE AS "before"
  FOR EACH STATEMENT EXECUTE FUNCTION tell_of_deleted_users();

-- A session that begins is nobody's memory yet, and its use changes nothing of what it may.
CREATE FUNCTION tell_of_changed_sessions() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM tell_of_change('user', ARRAY(
    SELECT DISTINCT b."userId" FROM "before" b LEFT JOIN "after" a ON a."id" = b."id"
    WHERE (a."documentId", a."userId") IS DISTINCT FROM (b."documentId", b."userId")
  ));
  RETURN NULL;
END
$$;
CREATE TRIGGER "sessions_changes_are_told" AFTER UPDATE ON "sessions" REFERENCING OLD TABLE AS "before" NEW TABLE AS "after"
  FOR EACH STATEMENT EXECUTE FUNCTION tell_of_changed_sessions();

CREATE FUNCTION tell_of_ended_sessions() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM tell_of_change('user', ARRAY(SELECT DISTINCT "userId" FROM "before"));
  RETURN NULL;
END
$$;
CREATE TRIGGER "sessions_ends_are_told" AFTER DELETE ON "sessions" REFERENCING OLD TABLE AS "before"
  FOR EACH STATEMENT EXECUTE FUNCTION tell_of_ended_sessions();

-- Whatever changes the permissions of a role raises its version, so they are told with it.
CREATE FUNCTION tell_of_roles() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM tell_of_change('role', ARRAY(SELECT "id" FROM "before"));
  RETURN NULL;
END
$$;
CREATE TRIGGER "roles_changes_are_told" AFTER UPDATE ON "roles" REFERENCING OLD TABLE AS "before"
  FOR EACH STATEMENT EXECUTE FUNCTION tell_of_roles();
CREATE TRIGGER "roles_deletions_are_told" AFTER DELETE ON "roles" REFERENCING OLD TABLE AS "before"
  FOR EACH STATEMENT EXECUTE FUNCTION tell_of_roles();

-- When a token was used, and from where, is not of interest to anybody's memory.
CREATE FUNCTION tell_of_changed_tokens() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM tell_of_change('token', ARRAY(
    SELECT b."id" FROM "before" b LEFT JOIN "after" a ON a."id" = b."id"
    WHERE (a."documentId", a."name", a."kind", a."hash", a."expiresAt", a."revokedAt")
      IS DISTINCT FROM (b."documentId", b."name", b."kind", b."hash", b."expiresAt", b."revokedAt")
  ));
  RETURN NULL;
END
$$;
CREATE TRIGGER "api_tokens_changes_are_told" AFTER UPDATE ON "api_tokens" REFERENCING OLD TABLE AS "before" NEW TABLE AS "after"
  FOR EACH STATEMENT EXECUTE FUNCTION tell_of_changed_tokens();

CREATE FUNCTION tell_of_deleted_tokens() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM tell_of_change('token', ARRAY(SELECT "id" FROM "before"));
  RETURN NULL;
END
$$;
CREATE TRIGGER "api_tokens_deletions_are_told" AFTER DELETE ON "api_tokens" REFERENCING OLD TABLE AS "before"
  FOR EACH STATEMENT EXECUTE FUNCTION tell_of_deleted_tokens();

CREATE FUNCTION tell_of_permissions_of_tokens() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM tell_of_change('token', ARRAY(SELECT DISTINCT "tokenId" FROM "changed"));
  RETURN NULL;
END
$$;
CREATE TRIGGER "api_token_permissions_inserted" AFTER INSERT ON "api_token_permissions" REFERENCING NEW TABLE AS "changed"
  FOR EACH STATEMENT EXECUTE FUNCTION tell_of_permissions_of_tokens();
CREATE TRIGGER "api_token_permissions_deleted" AFTER DELETE ON "api_token_permissions" REFERENCING OLD TABLE AS "changed"
  FOR EACH STATEMENT EXECUTE FUNCTION tell_of_permissions_of_tokens();
CREATE TRIGGER "api_token_permissions_given" AFTER UPDATE ON "api_token_permissions" REFERENCING NEW TABLE AS "changed"
  FOR EACH STATEMENT EXECUTE FUNCTION tell_of_permissions_of_tokens();
CREATE TRIGGER "api_token_permissions_taken" AFTER UPDATE ON "api_token_permissions" REFERENCING OLD TABLE AS "changed"
  FOR EACH STATEMENT EXECUTE FUNCTION tell_of_permissions_of_tokens();

-- Anything: `settings *`, or `* *` where a whole table went.
CREATE FUNCTION tell_of_anything() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('gatehouse_changes', TG_ARGV[0] || ' *');
  RETURN NULL;
END
$$;
CREATE TRIGGER "settings_changes_are_told" AFTER INSERT OR UPDATE OR DELETE ON "settings"
  FOR EACH STATEMENT EXECUTE FUNCTION tell_of_anything('settings');
CREATE TRIGGER "settings_truncation_is_told" AFTER TRUNCATE ON "settings"
  FOR EACH STATEMENT EXECUTE FUNCTION tell_of_anything('*');
CREATE TRIGGER "users_truncation_is_told" AFTER TRUNCATE ON "users"
  FOR EACH STATEMENT EXECUTE FUNCTION tell_of_anything('*');
CREATE TRIGGER "sessions_truncation_is_told" AFTER TRUNCATE ON "sessions"
  FOR EACH STATEMENT EXECUTE FUNCTION tell_of_anything('*');
CREATE TRIGGER "roles_truncation_is_told" AFTER TRUNCATE ON "roles"
  FOR EACH STATEMENT EXECUTE FUNCTION tell_of_anything('*');
CREATE TRIGGER "permissions_truncation_is_told" AFTER TRUNCATE ON "permissions"
  FOR EACH STATEMENT EXECUTE FUNCTION tell_of_anything('*');
CREATE TRIGGER "api_tokens_truncation_is_told" AFTER TRUNCATE ON "api_tokens"
  FOR EACH STATEMENT EXECUTE FUNCTION tell_of_anything('*');
CREATE TRIGGER "api_token_permissions_truncation_is_told" AFTER TRUNCATE ON "api_token_permissions"
  FOR EACH STATEMENT EXECUTE FUNCTION tell_of_anything('*');
