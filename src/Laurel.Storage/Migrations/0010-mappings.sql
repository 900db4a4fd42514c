-- By which mapping a file was imported: the SHA-256 of its bytes, and none of them where it was imported as it stands. Null where that was not noted yet.
ALTER TABLE imports ADD COLUMN mapping bytea;
