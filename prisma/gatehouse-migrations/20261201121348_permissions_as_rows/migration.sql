-- AlterTable
ALTER TABLE "permissions" DROP CONSTRAINT "permissions_pkey",
ADD COLUMN     "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
ADD COLUMN     "documentId" TEXT NOT NULL DEFAULT replace((gen_random_uuid())::text, '-'::text, ''::text),
ADD COLUMN     "id" SERIAL NOT NULL,
ADD COLUMN     "updatedAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
ADD CONSTRAINT "permissions_pkey" PRIMARY KEY ("id");

-- AlterTable
ALTER TABLE "users" ADD COLUMN     "provider" TEXT NOT NULL DEFAULT 'local';

-- CreateTable
CREATE TABLE "used_confirmations" (
    "userId" INTEGER NOT NULL,
    "hash" TEXT NOT NULL,
    "email" TEXT NOT NULL,
    "expiresAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "used_confirmations_pkey" PRIMARY KEY ("userId")
);

-- CreateIndex
CREATE UNIQUE INDEX "used_confirmations_hash_key" ON "used_confirmations"("hash");

-- CreateIndex
CREATE INDEX "used_confirmations_expiresAt_idx" ON "used_confirmations"("expiresAt");

-- CreateIndex
CREATE UNIQUE INDEX "permissions_documentId_key" ON "permissions"("documentId");

-- CreateIndex
CREATE UNIQUE INDEX "permissions_roleId_action_key" ON "permissions"("roleId", "action");

-- AddForeignKey
ALTER TABLE "used_confirmations" ADD CONSTRAINT "used_confirmations_userId_fkey" FOREIGN KEY ("userId") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;
