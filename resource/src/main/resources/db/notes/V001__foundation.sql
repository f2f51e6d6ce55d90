-- Times are epoch milliseconds. An owner is a hash of issuer and subject. Sealed columns are AES-256-GCM under the key
-- file's key: neither a title nor a word of a note can be read from this file.

CREATE TABLE note (
    id              TEXT    NOT NULL PRIMARY KEY,
    owner           TEXT    NOT NULL,
    created_at      BIGINT  NOT NULL,
    sealed_title    ${bytes} NOT NULL,
    -- The beginning of the content, so that a list need not open whole notes.
    sealed_preview  ${bytes} NOT NULL,
    sealed_content  ${bytes} NOT NULL
);

CREATE INDEX note_by_owner ON note (owner, created_at, id);

CREATE TABLE api_usage (
    owner       TEXT   NOT NULL,
    -- A calendar month of UTC, as 2026-11.
    month       TEXT   NOT NULL,
    requests    BIGINT NOT NULL,
    tokens_in   BIGINT NOT NULL,
    tokens_out  BIGINT NOT NULL,
    PRIMARY KEY (owner, month)
);
