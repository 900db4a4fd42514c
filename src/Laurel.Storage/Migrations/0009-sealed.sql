-- Answers are kept sealed from now on. Those of before are not, and may have the secret of a key: they go, and leave nothing in the file.
/*sqlite: PRAGMA secure_delete = ON;*/
DELETE FROM requests;
