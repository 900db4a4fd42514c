-- What is personal, each value beside the fact that told it: the log has only the hash of salt and value. Whoever erases a subject deletes its rows.
CREATE TABLE personal (
  position int8 NOT NULL,
  subject int8 NOT NULL,
  program int2 NOT NULL REFERENCES programs,
  salt bytea NOT NULL,
  field text /*postgres: COLLATE "C"*/ NOT NULL,
  value text NOT NULL,
  PRIMARY KEY (program, position, field)
);
CREATE INDEX personal_subject ON personal (program, subject);

-- (*) That what was personal of a subject was erased: of all facts before the end of its commit.
CREATE TABLE erasures (
  number int8 NOT NULL,
  subject int8 NOT NULL,
  at int8 NOT NULL,
  erased int8 NOT NULL,
  program int2 NOT NULL REFERENCES programs,
  key text /*postgres: COLLATE "C"*/ NOT NULL,
  reason text NOT NULL,
  PRIMARY KEY (program, number),
  FOREIGN KEY (program, number) REFERENCES commits (program, number)
);
CREATE INDEX erasures_subject ON erasures (program, subject);
