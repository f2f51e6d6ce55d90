-- The administrative roles of users: owner, operator, auditor or help-desk. A user has at most one.
CREATE TABLE user_role (
    sub         TEXT   NOT NULL PRIMARY KEY REFERENCES user_account (sub) ON DELETE CASCADE,
    role        TEXT   NOT NULL,
    granted_at  BIGINT NOT NULL
);

-- Changes that a second owner must confirm. A change has its operation, its parameters and its body as JSON.
CREATE TABLE pending_change (
    change_id     TEXT   NOT NULL PRIMARY KEY,
    operation     TEXT   NOT NULL,
    request       TEXT   NOT NULL,
    requested_by  TEXT   NOT NULL REFERENCES user_account (sub) ON DELETE CASCADE,
    requested_at  BIGINT NOT NULL,
    expires_at    BIGINT NOT NULL
);
CREATE INDEX pending_change_expiry ON pending_change (expires_at);

-- The responses to requests with an Idempotency-Key. The key hash includes the user. The response is sealed with the key file, because it may
-- have a client secret; NULL while the first request runs.
CREATE TABLE idempotent_request (
    key_hash     TEXT     NOT NULL PRIMARY KEY,
    fingerprint  TEXT     NOT NULL,
    sealed       ${bytes},
    expires_at   BIGINT   NOT NULL
);
CREATE INDEX idempotent_request_expiry ON idempotent_request (expires_at);
