-- People as other issuers know them, and their accounts here. One identity has one account; an account has one identity of
-- each issuer and tenant, so that an address that an issuer gives to somebody else does not come with the account.
CREATE TABLE external_identity (
    issuer      TEXT   NOT NULL,
    -- Empty for an issuer that has none.
    tenant      TEXT   NOT NULL,
    subject     TEXT   NOT NULL,
    sub         TEXT   NOT NULL REFERENCES user_account (sub) ON DELETE CASCADE,
    created_at  BIGINT NOT NULL,
    PRIMARY KEY (issuer, tenant, subject)
);
CREATE UNIQUE INDEX external_identity_account ON external_identity (sub, issuer, tenant);
