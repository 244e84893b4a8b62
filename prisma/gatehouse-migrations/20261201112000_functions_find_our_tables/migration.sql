-- A function means the tables beside it, whatever the session that fires it looks at first: psql with a search_path of its
-- own, or a temporary table of the same name. The session that applies migrations has the one that is meant.
ALTER FUNCTION end_sessions_of_blocked_user() SET search_path FROM CURRENT;
ALTER FUNCTION raise_version_of_role() SET search_path FROM CURRENT;
ALTER FUNCTION raise_version_of_roles_of_permissions() SET search_path FROM CURRENT;
ALTER FUNCTION text_of_audit_entry("audit_entries") SET search_path FROM CURRENT;
ALTER FUNCTION chain_audit_entry() SET search_path FROM CURRENT;
ALTER FUNCTION refuse_to_change_audit() SET search_path FROM CURRENT;
ALTER FUNCTION tell_of_change(text, integer[]) SET search_path FROM CURRENT;
ALTER FUNCTION tell_of_changed_users() SET search_path FROM CURRENT;
ALTER FUNCTION tell_of_deleted_users() SET search_path FROM CURRENT;
ALTER FUNCTION tell_of_changed_sessions() SET search_path FROM CURRENT;
ALTER FUNCTION tell_of_ended_sessions() SET search_path FROM CURRENT;
ALTER FUNCTION tell_of_roles() SET search_path FROM CURRENT;
ALTER FUNCTION tell_of_changed_tokens() SET search_path FROM CURRENT;
ALTER FUNCTION tell_of_deleted_tokens() SET search_path FROM CURRENT;
ALTER FUNCTION tell_of_permissions_of_tokens() SET search_path FROM CURRENT;
ALTER FUNCTION tell_of_anything() SET search_path FROM CURRENT;
