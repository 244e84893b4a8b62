-- CreateTable
CREATE TABLE "locks" (
    "name" TEXT NOT NULL,

    CONSTRAINT "locks_pkey" PRIMARY KEY ("name")
);

-- What only one transaction does at a time. It locks the row: src/database/lock.ts.
INSERT INTO "locks" ("name") VALUES ('administration'), ('identifiers'), ('seed');

-- Waits for other transactions that include roles, and for those of the administration, which lock the same row. An older
-- snapshot would not show what they wrote.
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
