CREATE TABLE item (
    id          TEXT   NOT NULL PRIMARY KEY,
    amount      BIGINT NOT NULL,
    bytes       ${bytes},
    expires_at  BIGINT NOT NULL DEFAULT 0
);

CREATE TABLE invalidation (
    seq         ${identity},
    kind        TEXT   NOT NULL,
    subject     TEXT   NOT NULL,
    created_at  BIGINT NOT NULL
);
${postgresql} ALTER TABLE invalidation ADD COLUMN tx xid8 NOT NULL DEFAULT pg_current_xact_id();
${postgresql} CREATE INDEX invalidation_tx ON invalidation (tx);
