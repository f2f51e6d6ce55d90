-- Each change takes away those of more than an hour ago: without an index every one of them reads the whole table.
CREATE INDEX note_change_by_time ON note_change (at);
