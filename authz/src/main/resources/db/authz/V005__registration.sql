-- Clients that registered themselves. The token is the one by which a client manages itself.
CREATE TABLE client_registration (
    client_id    TEXT   NOT NULL PRIMARY KEY REFERENCES client (client_id) ON DELETE CASCADE,
    token_hash   TEXT   NOT NULL UNIQUE,
    fingerprint  TEXT   NOT NULL,
    created_at   BIGINT NOT NULL
);
CREATE INDEX client_registration_fingerprint ON client_registration (fingerprint);
CREATE INDEX client_registration_created ON client_registration (created_at);

CREATE TABLE initial_access_token (
    token_hash  TEXT   NOT NULL PRIMARY KEY,
    uses_left   BIGINT NOT NULL,
    created_at  BIGINT NOT NULL,
    expires_at  BIGINT NOT NULL
);
CREATE INDEX initial_access_token_expiry ON initial_access_token (expires_at);
