CREATE TABLE "signing_keys" (
    "kid" TEXT NOT NULL,
    "algorithm" TEXT NOT NULL,
    "publicJwk" JSONB NOT NULL,
    "privateJwkEncrypted" BYTEA NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL,
    "signsFrom" TIMESTAMPTZ(3) NOT NULL,
    "signsUntil" TIMESTAMPTZ(3),
    "publishedUntil" TIMESTAMPTZ(3),

    CONSTRAINT "signing_keys_pkey" PRIMARY KEY ("kid")
);

-- One process makes a key, and the others find it: src/database/lock.ts.
INSERT INTO "locks" ("name") VALUES ('signingKeys');

-- Processes keep keys in memory: they are notified.
CREATE TRIGGER signing_keys_changes_are_told AFTER INSERT OR DELETE OR UPDATE ON signing_keys
  FOR EACH STATEMENT
  EXECUTE FUNCTION tell_of_anything('key');
CREATE TRIGGER signing_keys_truncation_is_told AFTER TRUNCATE ON signing_keys
  FOR EACH STATEMENT
  EXECUTE FUNCTION tell_of_anything('*');
