-- How a client came to be known (pre_registered, dynamic, metadata_document), what it says of itself beyond what every
-- client has, what the operator decided for it, and when it was last used, to the day or so.
ALTER TABLE client ADD COLUMN kind TEXT NOT NULL DEFAULT 'pre_registered';
ALTER TABLE client ADD COLUMN metadata TEXT NOT NULL DEFAULT '{}';
ALTER TABLE client ADD COLUMN policy TEXT NOT NULL DEFAULT '{}';
ALTER TABLE client ADD COLUMN used_at BIGINT;

-- What a token is bound to: 'jkt' or 'x5t#S256', a blank, and the thumbprint.
ALTER TABLE access_token ADD COLUMN confirmation TEXT;
ALTER TABLE refresh_token ADD COLUMN confirmation TEXT;

-- When the person of a grant gave a password; what its ID tokens say of it.
ALTER TABLE authorization_grant ADD COLUMN authenticated_at BIGINT;
ALTER TABLE authorization_code ADD COLUMN nonce TEXT;
ALTER TABLE authorization_code ADD COLUMN dpop_jkt TEXT;

-- Identifiers that count once: of assertions and of proofs.
CREATE TABLE used_identifier (
    identifier_hash  TEXT   NOT NULL PRIMARY KEY,
    expires_at       BIGINT NOT NULL
);
CREATE INDEX used_identifier_expiry ON used_identifier (expires_at);
