-- CreateTable
CREATE TABLE "open_forms" (
    "form" VARCHAR(200) NOT NULL,
    "adminId" INTEGER NOT NULL,
    "changed" BOOLEAN NOT NULL,
    "openedAt" TIMESTAMPTZ(3) NOT NULL,
    "expiresAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "open_forms_pkey" PRIMARY KEY ("form","adminId")
);

-- CreateIndex
CREATE INDEX "open_forms_adminId_idx" ON "open_forms"("adminId");

-- CreateIndex
CREATE INDEX "open_forms_expiresAt_idx" ON "open_forms"("expiresAt");

-- AddForeignKey
ALTER TABLE "open_forms" ADD CONSTRAINT "open_forms_adminId_fkey" FOREIGN KEY ("adminId") REFERENCES "admins"("id") ON DELETE CASCADE ON UPDATE CASCADE;
