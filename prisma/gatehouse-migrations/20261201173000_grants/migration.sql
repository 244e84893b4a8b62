-- Each permission can be restricted to some rows and fields: null is without restriction.
ALTER TABLE "permissions" ADD COLUMN "grants" JSONB;
ALTER TABLE "api_token_permissions" ADD COLUMN "grants" JSONB;

ALTER TABLE "permissions" ADD CONSTRAINT "permissions_grants_check"
  CHECK (CASE WHEN jsonb_typeof("grants") = 'array' THEN jsonb_array_length("grants") BETWEEN 1 AND 10 ELSE "grants" IS NULL END);
ALTER TABLE "api_token_permissions" ADD CONSTRAINT "api_token_permissions_grants_check"
  CHECK (CASE WHEN jsonb_typeof("grants") = 'array' THEN jsonb_array_length("grants") BETWEEN 1 AND 10 ELSE "grants" IS NULL END);
