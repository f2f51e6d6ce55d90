-- Where a registration came from, as SHA-256: when there are too many, the source with the most unused ones makes room.
ALTER TABLE client_registration ADD COLUMN source TEXT NOT NULL DEFAULT '';

-- How often the tokens of a grant were refreshed. It bounds how many spent refresh tokens one grant keeps.
ALTER TABLE authorization_grant ADD COLUMN refreshes BIGINT NOT NULL DEFAULT 0;
