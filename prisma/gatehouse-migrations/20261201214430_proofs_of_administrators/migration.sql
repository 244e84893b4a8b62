-- When the administrator of a session was last proven. A login was a proof.
ALTER TABLE "admin_sessions" ADD COLUMN "provenAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP;
UPDATE "admin_sessions" SET "provenAt" = "createdAt";
