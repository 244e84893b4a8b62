-- AlterTable
ALTER TABLE "settings" ADD COLUMN     "passwordMinLength" INTEGER NOT NULL DEFAULT 8;

-- Below 8 a password is guessed, and above 64 nobody's fits into the 72 bytes that are hashed.
ALTER TABLE "settings" ADD CONSTRAINT "settings_passwordMinLength_check" CHECK ("passwordMinLength" BETWEEN 8 AND 64);
