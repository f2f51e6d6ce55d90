-- The transaction that wrote a row, by which PostgreSQL orders the feed. With several writers, seq is not the order of commits.
${postgresql} ALTER TABLE invalidation ADD COLUMN tx xid8 NOT NULL DEFAULT pg_current_xact_id();
${postgresql} CREATE INDEX invalidation_tx ON invalidation (tx);
