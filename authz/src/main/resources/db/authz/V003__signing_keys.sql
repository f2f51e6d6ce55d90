-- The keys that tokens are signed with. The private JWK is AES-256-GCM under the key file's key.
CREATE TABLE signing_key (
    kid           TEXT     NOT NULL PRIMARY KEY,
    algorithm     TEXT     NOT NULL,
    public_jwk    TEXT     NOT NULL,
    sealed_jwk    ${bytes} NOT NULL,
    created_at    BIGINT   NOT NULL,
    -- Published at once, used from then on.
    activates_at  BIGINT   NOT NULL,
    -- When the last token that it signed expires, or later.
    needed_until  BIGINT   NOT NULL
);

-- One row: whoever counts it up may add a key, so that several processes do not each add one.
CREATE TABLE signing_turn (
    id          BIGINT NOT NULL PRIMARY KEY,
    generation  BIGINT NOT NULL
);
INSERT INTO signing_turn (id, generation) VALUES (1, 0);
