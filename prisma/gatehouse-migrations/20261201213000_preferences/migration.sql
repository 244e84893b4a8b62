-- What a client keeps for an administrator: columns, order, what was opened last. JSON and not JSONB: it is given back as it came.
ALTER TABLE "admins" ADD COLUMN "preferences" JSON NOT NULL DEFAULT '{}';
ALTER TABLE "admins" ADD CONSTRAINT "admins_preferences_check"
  CHECK (json_typeof("preferences") = 'object' AND octet_length("preferences"::text) <= 32768);
