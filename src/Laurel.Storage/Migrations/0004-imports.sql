-- Files that were imported, each as it was when its import began.
CREATE TABLE imports (
  started int8 NOT NULL,
  finished int8,
  length int8 NOT NULL,
  program int2 NOT NULL REFERENCES programs,
  name text /*postgres: COLLATE "C"*/ NOT NULL,
  digest bytea NOT NULL,
  PRIMARY KEY (program, name)
);
