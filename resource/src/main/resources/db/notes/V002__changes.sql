-- Notes can be changed. Whoever changes one names the version that it has read, so that no change is lost unseen.
ALTER TABLE note ADD COLUMN version BIGINT NOT NULL DEFAULT 1;
ALTER TABLE note ADD COLUMN updated_at BIGINT;

-- What other processes over this database have to tell their clients. Rows are kept for an hour.
CREATE TABLE note_change (
    seq      ${identity},
    owner    TEXT   NOT NULL,
    note_id  TEXT   NOT NULL,
    -- Whether the list of notes has changed too: one came or went, or what a list shows of it is another.
    listed   BIGINT NOT NULL,
    at       BIGINT NOT NULL
);
