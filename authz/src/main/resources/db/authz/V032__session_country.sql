-- The country that a trusted proxy has named at the login; NULL if it has named none.
ALTER TABLE browser_session ADD COLUMN country TEXT;
