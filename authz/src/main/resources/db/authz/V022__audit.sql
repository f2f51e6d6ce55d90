-- The audit trail. The event numbers have no gaps, and each event has the keyed hash of its predecessor, over all nodes.
CREATE TABLE audit_event (
    seq            BIGINT NOT NULL PRIMARY KEY,
    at             BIGINT NOT NULL,
    node           TEXT   NOT NULL,
    event          TEXT   NOT NULL,
    actor          TEXT,
    client_id      TEXT,
    resource       TEXT,
    source         TEXT,
    reason         TEXT,
    request_id     TEXT,
    trace_id       TEXT,
    -- The other fields, as JSON.
    details        TEXT   NOT NULL,
    previous_hash  TEXT   NOT NULL,
    hash           TEXT   NOT NULL,
    -- Given when the event was recorded, so that no event is stored twice.
    event_id       TEXT   NOT NULL UNIQUE
);
CREATE INDEX audit_event_at ON audit_event (at);

-- The newest event, one row. Its proof is a keyed hash, so that events at the end cannot be removed unseen.
CREATE TABLE audit_head (
    id     BIGINT NOT NULL PRIMARY KEY,
    seq    BIGINT NOT NULL,
    hash   TEXT   NOT NULL,
    proof  TEXT   NOT NULL
);

-- The last event that an exporter has delivered. One node at a time delivers.
CREATE TABLE audit_export (
    name        TEXT   NOT NULL PRIMARY KEY,
    seq         BIGINT NOT NULL,
    holder      TEXT   NOT NULL,
    held_until  BIGINT NOT NULL
);

-- When the record of a command became an event of the audit trail.
ALTER TABLE administration ADD COLUMN chained_at BIGINT;
