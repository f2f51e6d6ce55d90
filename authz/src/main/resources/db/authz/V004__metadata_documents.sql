-- Which version of its metadata document the row of a client was written from, at the latest consent to it.
CREATE TABLE client_document (
    client_id     TEXT   NOT NULL PRIMARY KEY REFERENCES client (client_id) ON DELETE CASCADE,
    entity_tag    TEXT,
    fetched_at    BIGINT NOT NULL,
    consented_at  BIGINT NOT NULL
);

-- What the operator decided about one document: approved or blocked.
CREATE TABLE document_decision (
    document_url  TEXT   NOT NULL PRIMARY KEY,
    decision      TEXT   NOT NULL,
    decided_at    BIGINT NOT NULL
);
