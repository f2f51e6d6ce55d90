-- By which a server knows its key file again: an HMAC under that key. One row.
CREATE TABLE key_check (
    id     BIGINT NOT NULL PRIMARY KEY,
    value  TEXT   NOT NULL
);

-- One row, which the health check changes to see whether the store keeps changes.
CREATE TABLE write_probe (
    id  BIGINT NOT NULL PRIMARY KEY,
    at  BIGINT NOT NULL
);
INSERT INTO write_probe (id, at) VALUES (1, 0);

-- What commands on the command line did. A server that runs, or the next that starts, copies each row to its audit log once.
CREATE TABLE administration (
    seq        ${identity},
    at         BIGINT NOT NULL,
    -- The record as JSON.
    record     TEXT   NOT NULL,
    copied_at  BIGINT
);
