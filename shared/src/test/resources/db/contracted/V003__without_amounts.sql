-- contract: versions before read the column amount
ALTER TABLE item DROP COLUMN amount;
