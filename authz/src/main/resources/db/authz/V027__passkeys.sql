-- The passkeys of users (WebAuthn). The public key is no secret.
CREATE TABLE passkey (
    credential_id  TEXT     NOT NULL PRIMARY KEY,
    sub            TEXT     NOT NULL REFERENCES user_account (sub) ON DELETE CASCADE,
    -- The user's name for it.
    name           TEXT     NOT NULL,
    -- The attested credential data (WebAuthn §6.5.1), with the public key.
    credential     ${bytes} NOT NULL,
    -- The newest signature count; 0 for authenticators that do not count.
    sign_count     BIGINT   NOT NULL,
    created_at     BIGINT   NOT NULL,
    used_at        BIGINT
);
CREATE INDEX passkey_sub ON passkey (sub);
