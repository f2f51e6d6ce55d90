-- What the account page shows of a session. NULL for sessions of older versions.
ALTER TABLE browser_session ADD COLUMN user_agent TEXT;
ALTER TABLE browser_session ADD COLUMN address TEXT;
-- The authentication methods of the login (RFC 8176), space-separated; NULL if they are unknown.
ALTER TABLE browser_session ADD COLUMN methods TEXT;
ALTER TABLE authorization_grant ADD COLUMN methods TEXT;
