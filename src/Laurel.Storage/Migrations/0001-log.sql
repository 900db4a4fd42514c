-- What a program's lane writes: the log of facts, the ledger, and the spine of commits that orders both.
-- Instants are microseconds since 1970; an open end is 9223372036854775807. Tables marked (*) are only appended to; the one exception is a
-- redaction, which empties a fact's data and salt. Eight-byte columns come first, so that PostgreSQL pads nothing.

CREATE TABLE programs (
  created int8 NOT NULL,
  retired int8,
  program int2 NOT NULL PRIMARY KEY,
  book int2 NOT NULL,
  incarnation bytea NOT NULL,
  name text /*postgres: COLLATE "C"*/ NOT NULL UNIQUE
);

-- (*) The texts of a program as they were at each revision; the last one of a path is what is in use, and an empty body says that it is gone.
CREATE TABLE files (
  revision int8 NOT NULL,
  at int8 NOT NULL,
  program int2 NOT NULL REFERENCES programs,
  path text /*postgres: COLLATE "C"*/ NOT NULL,
  body text NOT NULL,
  PRIMARY KEY (program, path, revision)
);

-- (*) Names that rows carry as numbers: of kinds, types of fact, sources, units, rules by edition.
CREATE TABLE words (
  program int2 NOT NULL REFERENCES programs,
  word int4 NOT NULL,
  text text /*postgres: COLLATE "C"*/ NOT NULL,
  PRIMARY KEY (program, word),
  UNIQUE (program, text)
);

-- An edition's way into force: staged beside what is in force, opened by one commit, or given up.
CREATE TABLE books (
  effective int8 NOT NULL,
  next_subject int8 NOT NULL,
  done int8 NOT NULL,
  total int8 NOT NULL,
  opened int8,
  program int2 NOT NULL REFERENCES programs,
  book int2 NOT NULL,
  state int2 NOT NULL,
  edition text /*postgres: COLLATE "C"*/ NOT NULL,
  hash text /*postgres: COLLATE "C"*/ NOT NULL,
  PRIMARY KEY (program, book)
);

-- (*) The spine: one row a commit. Its key refuses a fork, its reference to the one before refuses a gap; so a server that was
-- stopped and has lost its lane can write nothing more, whatever it believes.
CREATE TABLE commits (
  number int8 NOT NULL,
  before int8 GENERATED ALWAYS AS (nullif(number, 1) - 1) STORED,
  recorded int8 NOT NULL,
  facts_to int8 NOT NULL,
  entries_to int8 NOT NULL,
  changes_to int8 NOT NULL,
  stage_from int8,
  stage_to int8,
  program int2 NOT NULL REFERENCES programs,
  kind int2 NOT NULL,
  book int2 NOT NULL,
  epoch int4 NOT NULL,
  batch bytea NOT NULL,
  prior bytea,
  facts_root bytea NOT NULL,
  entries_root bytea NOT NULL,
  PRIMARY KEY (program, number),
  UNIQUE (program, number, batch),
  FOREIGN KEY (program, before, prior) REFERENCES commits (program, number, batch),
  CHECK (number = 1 OR prior IS NOT NULL)
);
CREATE INDEX commits_recorded ON commits (program, recorded);

-- (*) The log. What names people are subjects by their numbers, here and in the data.
CREATE TABLE facts (
  position int8 NOT NULL,
  subject int8,
  at int8 NOT NULL,
  recorded int8 NOT NULL,
  source int4 NOT NULL,
  type int4 NOT NULL,
  program int2 NOT NULL,
  salt bytea,
  id text /*postgres: COLLATE "C"*/ NOT NULL,
  data text /*postgres: COLLATE "C"*/,
  PRIMARY KEY (program, position),
  UNIQUE (program, source, id)
);
CREATE INDEX facts_subject ON facts (program, subject, position);

-- (*) The ledger: an amount over a span.
CREATE TABLE entries (
  position int8 NOT NULL,
  cause int8 NOT NULL,
  member int8 NOT NULL,
  subject int8 NOT NULL,
  amount int8 NOT NULL CHECK (amount > 0),
  dated int8 NOT NULL,
  starts int8 NOT NULL,
  ends int8 NOT NULL,
  rule int4 NOT NULL,
  unit int4 NOT NULL,
  program int2 NOT NULL,
  book int2 NOT NULL,
  source int2 NOT NULL,
  target int2 NOT NULL,
  PRIMARY KEY (program, position)
);
CREATE INDEX entries_member ON entries (program, member, subject, position);

-- (*) Merkle nodes over 256 leaves and more, of both logs: 0 facts, 1 entries.
CREATE TABLE nodes (
  place int8 NOT NULL,
  program int2 NOT NULL,
  log int2 NOT NULL,
  level int2 NOT NULL,
  hash bytea NOT NULL,
  PRIMARY KEY (program, log, level, place)
);

-- Names of subjects, members and persons among them. A name that was erased is null.
CREATE TABLE subjects (
  subject int8 NOT NULL,
  kind int4 NOT NULL,
  program int2 NOT NULL,
  name text /*postgres: COLLATE "C"*/,
  PRIMARY KEY (program, subject),
  UNIQUE (program, kind, name)
);

-- (*) Which subjects' facts name a subject: a member's sites, a person's certificates.
CREATE TABLE ties (
  subject int8 NOT NULL,
  other int8 NOT NULL,
  program int2 NOT NULL,
  PRIMARY KEY (program, subject, other)
);

-- Where each member stands: as of which entry, told up to when, good until when.
CREATE TABLE standings (
  member int8 NOT NULL,
  position int8 NOT NULL,
  told int8 NOT NULL,
  next int8 NOT NULL,
  program int2 NOT NULL,
  book int2 NOT NULL,
  body text NOT NULL,
  PRIMARY KEY (program, book, member)
)/*postgres: WITH (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.02)*/;

-- (*) What was announced of members, each effective at its exact instant.
CREATE TABLE changes (
  change int8 NOT NULL,
  member int8 NOT NULL,
  effective int8 NOT NULL,
  number int8 NOT NULL,
  cause int8,
  program int2 NOT NULL,
  body text NOT NULL,
  PRIMARY KEY (program, change)
);
CREATE INDEX changes_member ON changes (program, member, change);

-- What is to be looked at again, and when.
CREATE TABLE due (
  key int8 NOT NULL,
  at int8 NOT NULL,
  program int2 NOT NULL,
  kind int2 NOT NULL,
  PRIMARY KEY (program, kind, key)
);
CREATE INDEX due_at ON due (program, at);

-- Who may write a program: for routing only, the spine is what protects.
CREATE TABLE lanes (
  until int8 NOT NULL,
  program int2 NOT NULL PRIMARY KEY REFERENCES programs,
  epoch int4 NOT NULL,
  owner bytea NOT NULL,
  address text NOT NULL,
  backends text NOT NULL
)/*postgres: WITH (fillfactor = 20)*/;
