-- Roles, and the administration, can require a second factor.
ALTER TABLE "roles" ADD COLUMN "requiresSecondFactor" BOOLEAN NOT NULL DEFAULT false;
ALTER TABLE "settings" ADD COLUMN "adminSecondFactor" BOOLEAN NOT NULL DEFAULT false;

-- What a role requires is a change of the role.
CREATE OR REPLACE TRIGGER roles_raise_version BEFORE UPDATE OF name, description, type, "requiresSecondFactor" ON roles
  FOR EACH ROW WHEN ((NEW.name, NEW.description, NEW.type, NEW."requiresSecondFactor") IS DISTINCT FROM (OLD.name, OLD.description, OLD.type, OLD."requiresSecondFactor"))
  EXECUTE FUNCTION raise_version_of_role();

-- Processes keep in memory who has a second factor: they are notified.
CREATE FUNCTION tell_of_factors() RETURNS trigger LANGUAGE plpgsql
  SET search_path FROM CURRENT AS $$
BEGIN
  PERFORM tell_of_change('user', ARRAY(SELECT DISTINCT "userId" FROM "changed" WHERE "userId" IS NOT NULL));
  RETURN NULL;
END
$$;
CREATE TRIGGER totp_secrets_insertions_are_told AFTER INSERT ON totp_secrets
  REFERENCING NEW TABLE AS changed
  FOR EACH STATEMENT
  EXECUTE FUNCTION tell_of_factors();
CREATE TRIGGER totp_secrets_changes_are_told AFTER UPDATE ON totp_secrets
  REFERENCING NEW TABLE AS changed
  FOR EACH STATEMENT
  EXECUTE FUNCTION tell_of_factors();
CREATE TRIGGER totp_secrets_deletions_are_told AFTER DELETE ON totp_secrets
  REFERENCING OLD TABLE AS changed
  FOR EACH STATEMENT
  EXECUTE FUNCTION tell_of_factors();
CREATE TRIGGER totp_secrets_truncation_is_told AFTER TRUNCATE ON totp_secrets
  FOR EACH STATEMENT
  EXECUTE FUNCTION tell_of_anything('*');
