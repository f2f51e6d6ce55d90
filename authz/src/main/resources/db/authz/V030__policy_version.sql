-- The texts of policies that were in force, the newest with the highest number. The files remain the policies.
CREATE TABLE policy_version (
    name       TEXT   NOT NULL,
    number     BIGINT NOT NULL,
    -- The hash of the rules; NULL for a text without valid rules.
    version    TEXT,
    text       TEXT   NOT NULL,
    -- The user who put it in force; NULL if the file was changed in another way.
    actor      TEXT,
    stored_at  BIGINT NOT NULL,
    PRIMARY KEY (name, number)
);
