-- Posts of the example blog belong to the user who created them, and some are premium. A project that removed the blog, or has
-- posts of its own with an owner, has nothing to change.
DO $$
BEGIN
  IF to_regclass('posts') IS NOT NULL AND to_regtype('"PostKind"') IS NOT NULL AND NOT EXISTS (
    SELECT FROM pg_attribute WHERE attrelid = to_regclass('posts') AND attname IN ('ownerId', 'premium')
  ) THEN
    -- AlterTable
    ALTER TABLE "posts" ADD COLUMN     "ownerId" INTEGER,
    ADD COLUMN     "premium" BOOLEAN NOT NULL DEFAULT false;

    -- CreateIndex
    CREATE INDEX "posts_ownerId_idx" ON "posts"("ownerId");

    -- AddForeignKey
    ALTER TABLE "posts" ADD CONSTRAINT "posts_ownerId_fkey" FOREIGN KEY ("ownerId") REFERENCES "gatehouse"."users"("id") ON DELETE SET NULL ON UPDATE CASCADE;
  END IF;
END
$$;
