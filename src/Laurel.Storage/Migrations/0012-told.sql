-- What a commit tells of members, hashed: so that an announcement can't be changed by itself. Null where it tells nothing, and for those of before.
ALTER TABLE commits ADD COLUMN told bytea;
