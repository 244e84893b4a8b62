-- The administration takes a condition of at most 20 levels, in a grant in a list. Whoever writes into the database by hand has the
-- same limit: every request of the role reads its grants, and none could read ten thousand levels.
ALTER TABLE "permissions" ADD CONSTRAINT "permissions_grants_depth_check"
  CHECK (NOT jsonb_path_exists("grants", 'strict $.**{23 to last}'));
ALTER TABLE "api_token_permissions" ADD CONSTRAINT "api_token_permissions_grants_depth_check"
  CHECK (NOT jsonb_path_exists("grants", 'strict $.**{23 to last}'));
