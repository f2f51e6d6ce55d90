-- The single-use links in mails. The hash binds a link to the state of the account, so that it ends when that changes.
CREATE TABLE mail_token (
    token_hash  TEXT   NOT NULL PRIMARY KEY,
    sub         TEXT   NOT NULL REFERENCES user_account (sub) ON DELETE CASCADE,
    -- reset, email
    purpose     TEXT   NOT NULL,
    email       TEXT   NOT NULL,
    state_hash  TEXT   NOT NULL,
    created_at  BIGINT NOT NULL,
    expires_at  BIGINT NOT NULL,
    -- A used link stays, so that it counts against the limit of an hour.
    used_at     BIGINT
);
CREATE INDEX mail_token_sub ON mail_token (sub, purpose);
CREATE INDEX mail_token_expiry ON mail_token (expires_at);
