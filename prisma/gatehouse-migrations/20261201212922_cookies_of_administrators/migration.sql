-- AlterTable
ALTER TABLE "admin_sessions" ADD COLUMN     "familyHash" TEXT,
ADD COLUMN     "idleUntil" TIMESTAMPTZ(3),
ADD COLUMN     "refreshHash" TEXT,
ADD COLUMN     "spentAt" TIMESTAMPTZ(3),
ADD COLUMN     "spentHash" TEXT,
ADD COLUMN     "spentNonce" TEXT,
ADD COLUMN     "tokenVersion" INTEGER;

-- AlterTable
ALTER TABLE "settings" ADD COLUMN     "adminIdleSessionLifespan" INTEGER NOT NULL DEFAULT 1800,
ADD COLUMN     "adminMaxSessionLifespan" INTEGER NOT NULL DEFAULT 43200;

-- CreateIndex
CREATE UNIQUE INDEX "admin_sessions_familyHash_key" ON "admin_sessions"("familyHash");
