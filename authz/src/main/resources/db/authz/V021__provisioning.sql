-- What a SCIM client has provisioned of an account.
CREATE TABLE scim_user (
    sub          TEXT   NOT NULL PRIMARY KEY REFERENCES user_account (sub) ON DELETE CASCADE,
    client_id    TEXT   NOT NULL REFERENCES client (client_id) ON DELETE CASCADE,
    -- The identifier of the person at the client, or NULL.
    external_id  TEXT,
    -- The attributes without columns of their own, as JSON.
    attributes   TEXT   NOT NULL,
    -- 1 if the client has created the account, 0 if the account existed before.
    created      BIGINT NOT NULL,
    changed_at   BIGINT NOT NULL
);
CREATE UNIQUE INDEX scim_user_external_id ON scim_user (client_id, external_id);

-- Login names are found in any case.
CREATE INDEX user_account_username ON user_account (LOWER(username));

-- Groups of this server (source local) and of SCIM clients (source scim: and the client identifier). The groups that identity providers
-- state have no row here.
CREATE TABLE directory_group (
    group_id     TEXT   NOT NULL PRIMARY KEY,
    source       TEXT   NOT NULL,
    group_name   TEXT   NOT NULL,
    -- The SCIM client, or NULL for a group of this server.
    client_id    TEXT   REFERENCES client (client_id) ON DELETE CASCADE,
    external_id  TEXT,
    created_at   BIGINT NOT NULL,
    changed_at   BIGINT NOT NULL,
    -- The count of changes, for the entity tag.
    changes      BIGINT NOT NULL DEFAULT 0,
    UNIQUE (source, group_name)
);
CREATE INDEX directory_group_client ON directory_group (client_id);

-- The group of a membership, if it has a row. The membership ends with it.
ALTER TABLE user_group ADD COLUMN group_id TEXT REFERENCES directory_group (group_id) ON DELETE CASCADE;
CREATE INDEX user_group_entry ON user_group (group_id);
