-- The login behind an approval, kept until the device collects its tokens.
ALTER TABLE device_authorization ADD COLUMN methods TEXT;
