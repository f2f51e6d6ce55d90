-- Mails that wait. The content is sealed with the key file, because it may have a link to a new password.
CREATE TABLE outgoing_mail (
    mail_id     TEXT     NOT NULL PRIMARY KEY,
    sealed      ${bytes} NOT NULL,
    attempts    BIGINT   NOT NULL,
    -- The time of the next attempt. An attempt first moves it into the future, so that no other node sends the same mail.
    next_at     BIGINT   NOT NULL,
    -- The end of all attempts. An expired link is of no use.
    expires_at  BIGINT   NOT NULL
);
CREATE INDEX outgoing_mail_next ON outgoing_mail (next_at);
CREATE INDEX outgoing_mail_expiry ON outgoing_mail (expires_at);

-- The authentication contexts that a client asks for, space-separated; NULL if any second factor will do.
ALTER TABLE pending_login ADD COLUMN acr_values TEXT;
