-- Devices that wait for a person to approve them (RFC 8628). What the person types is short, so its hash is made with a key.
-- No reference to the client: one that describes itself in a document is stored only once somebody allows it something.
CREATE TABLE device_authorization (
    device_hash       TEXT   NOT NULL PRIMARY KEY,
    user_code_hash    TEXT   NOT NULL UNIQUE,
    client_id         TEXT   NOT NULL,
    scopes            TEXT   NOT NULL,
    resources         TEXT   NOT NULL,
    -- pending, approved, denied, redeemed
    state             TEXT   NOT NULL,
    interval_millis   BIGINT NOT NULL,
    polled_at         BIGINT,
    expires_at        BIGINT NOT NULL,
    -- Who decided, and what the grant of an approval will be.
    sub               TEXT   REFERENCES user_account (sub) ON DELETE CASCADE,
    authenticated_at  BIGINT,
    decided_at        BIGINT,
    grant_id          TEXT,
    grant_expires_at  BIGINT
);
CREATE INDEX device_authorization_expiry ON device_authorization (expires_at);
