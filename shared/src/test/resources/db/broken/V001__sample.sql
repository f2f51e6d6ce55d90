CREATE TABLE item (
    id          TEXT   NOT NULL PRIMARY KEY,
    amount      BIGINT NOT NULL,
    bytes       BLOB,
    expires_at  BIGINT NOT NULL DEFAULT 0
);

CREATE TABLE invalidation (
    seq         ${identity},
    kind        TEXT   NOT NULL,
    subject     TEXT   NOT NULL,
    created_at  BIGINT NOT NULL
);
