-- What a commit is, the names that it gives to subjects, and the hash before it, hashed: so that none can be changed by itself. Null for those of before.
ALTER TABLE commits ADD COLUMN hash bytea;
ALTER TABLE subjects ADD COLUMN salt bytea;
