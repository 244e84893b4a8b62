-- AlterTable
ALTER TABLE "sessions" ADD COLUMN     "spentAt" TIMESTAMPTZ(3),
ADD COLUMN     "spentHash" TEXT,
ADD COLUMN     "spentNonce" TEXT;

-- AlterTable
ALTER TABLE "settings" ADD COLUMN     "refreshTokenGrace" INTEGER NOT NULL DEFAULT 10;

-- A spent token that is good for long is no spent token.
ALTER TABLE "settings" ADD CONSTRAINT "settings_refresh_token_grace_check" CHECK ("refreshTokenGrace" BETWEEN 0 AND 60);
