-- Logins on their way through an identity provider. The sealed column has the nonce, the PKCE verifier and the place of the login,
-- encrypted with the key file and bound to the state.
CREATE TABLE federated_login (
    state_hash    TEXT     NOT NULL PRIMARY KEY,
    browser_hash  TEXT     NOT NULL,
    provider      TEXT     NOT NULL,
    sealed        ${bytes} NOT NULL,
    expires_at    BIGINT   NOT NULL
);
CREATE INDEX federated_login_expiry ON federated_login (expires_at);

-- Sessions at identity providers. The browser session and the grants of the login have the same sub and authenticated_at.
CREATE TABLE upstream_session (
    session_id        TEXT     NOT NULL PRIMARY KEY,
    sub               TEXT     NOT NULL REFERENCES user_account (sub) ON DELETE CASCADE,
    authenticated_at  BIGINT   NOT NULL,
    provider          TEXT     NOT NULL,
    issuer            TEXT     NOT NULL,
    subject           TEXT     NOT NULL,
    -- The provider's identifier of the session, which logout tokens name.
    sid               TEXT,
    -- The tokens for a check, encrypted with the key file; NULL if the configuration demands no check.
    sealed            ${bytes},
    checked_at        BIGINT   NOT NULL,
    -- One process at a time uses the upstream refresh token.
    checking_until    BIGINT   NOT NULL,
    expires_at        BIGINT   NOT NULL
);
CREATE INDEX upstream_session_login ON upstream_session (sub, authenticated_at);
CREATE INDEX upstream_session_sid ON upstream_session (provider, sid);
CREATE INDEX upstream_session_subject ON upstream_session (provider, subject);
CREATE INDEX upstream_session_expiry ON upstream_session (expires_at);

-- The groups of users. The source is the name of the identity provider that states the membership.
CREATE TABLE user_group (
    sub         TEXT NOT NULL REFERENCES user_account (sub) ON DELETE CASCADE,
    source      TEXT NOT NULL,
    group_name  TEXT NOT NULL,
    PRIMARY KEY (sub, source, group_name)
);
CREATE INDEX user_group_name ON user_group (group_name);

-- Accounts are found by a verified email address, which providers spell in any case.
CREATE INDEX user_account_email ON user_account (LOWER(email));
