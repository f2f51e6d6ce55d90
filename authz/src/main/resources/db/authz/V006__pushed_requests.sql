-- Authorization requests that clients pushed before sending a browser, as the form they sent, without their credentials.
CREATE TABLE pushed_request (
    request_hash  TEXT   NOT NULL PRIMARY KEY,
    client_id     TEXT   NOT NULL,
    parameters    TEXT   NOT NULL,
    expires_at    BIGINT NOT NULL,
    -- When a person answered it; nobody can answer it again.
    consumed_at   BIGINT
);
CREATE INDEX pushed_request_expiry ON pushed_request (expires_at);

ALTER TABLE interaction ADD COLUMN pushed_hash TEXT;
