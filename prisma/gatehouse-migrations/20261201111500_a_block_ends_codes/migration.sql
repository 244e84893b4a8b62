-- Whoever blocks a user, and by whatever means, ends what was mailed to that user, too: a code opens the account as a
-- session does. src/authentication/end-credentials.ts does the same for what is not written by hand.
CREATE OR REPLACE FUNCTION end_sessions_of_blocked_user() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW."tokenVersion" := OLD."tokenVersion" + 1;
  DELETE FROM "sessions" WHERE "userId" = NEW."id";
  DELETE FROM "mailed_codes" WHERE "userId" = NEW."id";
  RETURN NEW;
END
$$;

-- What was mailed to whoever is blocked already.
DELETE FROM "mailed_codes" WHERE "userId" IN (SELECT "id" FROM "users" WHERE "blocked");
