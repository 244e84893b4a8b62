-- AlterTable
ALTER TABLE "identifiers" ADD COLUMN     "rule" INTEGER NOT NULL DEFAULT 0;

-- AlterTable
ALTER TABLE "users" ADD COLUMN     "usernameDisputed" BOOLEAN NOT NULL DEFAULT false;

-- CreateIndex
CREATE INDEX "identifiers_rule_idx" ON "identifiers"("rule");
