-- The secrets of authenticator apps, encrypted with the key file and bound to the user.
CREATE TABLE totp_secret (
    sub         TEXT     NOT NULL PRIMARY KEY REFERENCES user_account (sub) ON DELETE CASCADE,
    sealed      ${bytes} NOT NULL,
    -- The newest time step whose code was accepted. No code of it or of an earlier one is accepted again.
    last_step   BIGINT   NOT NULL,
    created_at  BIGINT   NOT NULL
);

-- Keyed hashes, because the codes are short enough to type.
CREATE TABLE recovery_code (
    sub        TEXT   NOT NULL REFERENCES user_account (sub) ON DELETE CASCADE,
    code_hash  TEXT   NOT NULL,
    used_at    BIGINT,
    PRIMARY KEY (sub, code_hash)
);

-- Logins that lack a factor. They are no sessions.
CREATE TABLE pending_login (
    login_hash        TEXT   NOT NULL PRIMARY KEY,
    browser_hash      TEXT   NOT NULL,
    sub               TEXT   NOT NULL REFERENCES user_account (sub) ON DELETE CASCADE,
    -- The hash of the password with which the login began; another one ends it.
    password_hash     TEXT   NOT NULL,
    authenticated_at  BIGINT NOT NULL,
    methods           TEXT   NOT NULL,
    -- The identity provider of the first factor, or NULL.
    provider          TEXT,
    interaction_hash  TEXT,
    client_id         TEXT,
    again             TEXT   NOT NULL,
    onward            TEXT   NOT NULL,
    expires_at        BIGINT NOT NULL
);
CREATE INDEX pending_login_sub ON pending_login (sub);
CREATE INDEX pending_login_expiry ON pending_login (expires_at);

-- The authentication context that a client asked for and the login has reached; NULL for the one of its methods.
ALTER TABLE authorization_grant ADD COLUMN acr TEXT;
