-- A write of content and the check of what it made are one statement, which calls this where the check refuses: the error ends
-- the statement, and nothing of it stays.
CREATE FUNCTION refuse_write() RETURNS integer LANGUAGE plpgsql
  SET search_path FROM CURRENT AS $$
BEGIN
  RAISE EXCEPTION 'This write is refused' USING ERRCODE = 'GH001';
END
$$;
