-- Times are epoch milliseconds. Every *_hash is base64url of SHA-256, except password_hash and client_secret.hash,
-- which name their own algorithm. Lists are texts parted by one space, as the wire has them.

CREATE TABLE user_account (
    sub            TEXT   NOT NULL PRIMARY KEY,
    username       TEXT   NOT NULL UNIQUE,
    password_hash  TEXT   NOT NULL,
    email          TEXT,
    name           TEXT,
    disabled       BIGINT NOT NULL DEFAULT 0,
    created_at     BIGINT NOT NULL,
    last_login_at  BIGINT
);

CREATE TABLE client (
    client_id         TEXT   NOT NULL PRIMARY KEY,
    name              TEXT   NOT NULL,
    auth_methods      TEXT   NOT NULL,
    redirect_uris     TEXT   NOT NULL,
    grant_types       TEXT   NOT NULL,
    scopes            TEXT   NOT NULL,
    -- The resources that this client serves, and whose tokens it may therefore introspect (RFC 7662 section 4).
    served_resources  TEXT   NOT NULL,
    created_at        BIGINT NOT NULL
);

-- Two rows live at once while a secret is rotated.
CREATE TABLE client_secret (
    client_id   TEXT   NOT NULL REFERENCES client (client_id) ON DELETE CASCADE,
    hash        TEXT   NOT NULL,
    created_at  BIGINT NOT NULL,
    expires_at  BIGINT,
    PRIMARY KEY (client_id, hash)
);

CREATE TABLE browser_session (
    session_hash      TEXT   NOT NULL PRIMARY KEY,
    sub               TEXT   NOT NULL REFERENCES user_account (sub) ON DELETE CASCADE,
    authenticated_at  BIGINT NOT NULL,
    seen_at           BIGINT NOT NULL,
    expires_at        BIGINT NOT NULL
);
CREATE INDEX browser_session_sub ON browser_session (sub);
CREATE INDEX browser_session_expiry ON browser_session (expires_at);

-- One authorization request on its way through login and consent, bound to the browser that began it.
CREATE TABLE interaction (
    interaction_hash  TEXT   NOT NULL PRIMARY KEY,
    browser_hash      TEXT   NOT NULL,
    request           TEXT   NOT NULL,
    -- Whether a session or a consent from before does not do.
    fresh_login       BIGINT NOT NULL DEFAULT 0,
    fresh_consent     BIGINT NOT NULL DEFAULT 0,
    -- pending, authenticated, finished
    state             TEXT   NOT NULL,
    -- Who logged in for this very interaction.
    sub               TEXT,
    expires_at        BIGINT NOT NULL
);
CREATE INDEX interaction_expiry ON interaction (expires_at);

CREATE TABLE consent (
    sub           TEXT   NOT NULL REFERENCES user_account (sub) ON DELETE CASCADE,
    client_id     TEXT   NOT NULL REFERENCES client (client_id) ON DELETE CASCADE,
    redirect_uri  TEXT   NOT NULL,
    resources     TEXT   NOT NULL,
    scopes        TEXT   NOT NULL,
    granted_at    BIGINT NOT NULL,
    PRIMARY KEY (sub, client_id, redirect_uri, resources)
);

-- Failed logins, by account and by source, so that a limit holds across restarts and nodes.
CREATE TABLE login_failure (
    subject       TEXT   NOT NULL PRIMARY KEY,
    failures      BIGINT NOT NULL,
    locked_until  BIGINT NOT NULL,
    expires_at    BIGINT NOT NULL
);
CREATE INDEX login_failure_expiry ON login_failure (expires_at);

-- Browsers that a user has logged in with: their failures are counted apart, so that a stranger who guesses at an
-- account does not lock its owner out.
CREATE TABLE known_browser (
    sub           TEXT   NOT NULL REFERENCES user_account (sub) ON DELETE CASCADE,
    browser_hash  TEXT   NOT NULL,
    seen_at       BIGINT NOT NULL,
    PRIMARY KEY (sub, browser_hash)
);
CREATE INDEX known_browser_seen ON known_browser (seen_at);

-- What one approval by one user gave one client. Codes and tokens hang on it and end with it.
CREATE TABLE authorization_grant (
    grant_id      TEXT   NOT NULL PRIMARY KEY,
    sub           TEXT   NOT NULL REFERENCES user_account (sub) ON DELETE CASCADE,
    client_id     TEXT   NOT NULL REFERENCES client (client_id) ON DELETE CASCADE,
    redirect_uri  TEXT   NOT NULL,
    scopes        TEXT   NOT NULL,
    resources     TEXT   NOT NULL,
    created_at    BIGINT NOT NULL,
    expires_at    BIGINT NOT NULL,
    revoked_at    BIGINT
);
CREATE INDEX authorization_grant_sub ON authorization_grant (sub, client_id);
CREATE INDEX authorization_grant_client ON authorization_grant (client_id);
CREATE INDEX authorization_grant_expiry ON authorization_grant (expires_at);

CREATE TABLE authorization_code (
    code_hash       TEXT   NOT NULL PRIMARY KEY,
    grant_id        TEXT   NOT NULL REFERENCES authorization_grant (grant_id) ON DELETE CASCADE,
    client_id       TEXT   NOT NULL,
    redirect_uri    TEXT   NOT NULL,
    code_challenge  TEXT   NOT NULL,
    scopes          TEXT   NOT NULL,
    resources       TEXT   NOT NULL,
    failures        BIGINT NOT NULL DEFAULT 0,
    expires_at      BIGINT NOT NULL,
    consumed_at     BIGINT
);
CREATE INDEX authorization_code_grant ON authorization_code (grant_id);
CREATE INDEX authorization_code_expiry ON authorization_code (expires_at);

CREATE TABLE refresh_token (
    token_hash      TEXT   NOT NULL PRIMARY KEY,
    grant_id        TEXT   NOT NULL REFERENCES authorization_grant (grant_id) ON DELETE CASCADE,
    client_id       TEXT   NOT NULL,
    issued_at       BIGINT NOT NULL,
    expires_at      BIGINT NOT NULL,
    -- Set when the successor was issued; the successor itself is derived and never stored.
    rotated_at      BIGINT,
    successor_hash  TEXT
);
CREATE INDEX refresh_token_grant ON refresh_token (grant_id);
CREATE INDEX refresh_token_expiry ON refresh_token (expires_at);

-- Without a grant: client credentials, whose subject is the client itself.
CREATE TABLE access_token (
    token_hash  TEXT   NOT NULL PRIMARY KEY,
    grant_id    TEXT   REFERENCES authorization_grant (grant_id) ON DELETE CASCADE,
    client_id   TEXT   NOT NULL REFERENCES client (client_id) ON DELETE CASCADE,
    sub         TEXT   NOT NULL,
    scopes      TEXT   NOT NULL,
    audience    TEXT   NOT NULL,
    issued_at   BIGINT NOT NULL,
    expires_at  BIGINT NOT NULL,
    revoked_at  BIGINT
);
CREATE INDEX access_token_grant ON access_token (grant_id);
CREATE INDEX access_token_client ON access_token (client_id);
CREATE INDEX access_token_expiry ON access_token (expires_at);

-- What other processes on this store must forget at once: kind is token, grant, user or client.
CREATE TABLE invalidation (
    seq         ${identity},
    kind        TEXT   NOT NULL,
    subject     TEXT   NOT NULL,
    created_at  BIGINT NOT NULL
);
CREATE INDEX invalidation_created ON invalidation (created_at);
