-- What an edition changes for each member, found ahead of its publication: rows beside the ledger, which one commit takes over when the
-- edition's book is opened. Whoever gives a book up, or has opened it, deletes its rows.

-- How many facts of the log a book that is being staged has looked at.
ALTER TABLE books ADD COLUMN followed int8 NOT NULL DEFAULT 0;

-- Members that are staged: how they stand then, and between which instants that holds; in the past where it holds no more.
CREATE TABLE staged_members (
  member int8 NOT NULL,
  at int8 NOT NULL DEFAULT 0,
  until int8 NOT NULL,
  next int8 NOT NULL DEFAULT 0,
  program int2 NOT NULL REFERENCES programs,
  book int2 NOT NULL,
  body text,
  PRIMARY KEY (program, book, member)
);
CREATE INDEX staged_members_until ON staged_members (program, book, until);

-- The entries that the publication causes: without their places, and with numbers that the edition's rule book and the vocabulary have.
CREATE TABLE staged_entries (
  member int8 NOT NULL,
  subject int8 NOT NULL,
  amount int8 NOT NULL,
  dated int8 NOT NULL,
  starts int8 NOT NULL,
  ends int8 NOT NULL,
  rule int4 NOT NULL,
  unit int4 NOT NULL,
  program int2 NOT NULL REFERENCES programs,
  book int2 NOT NULL,
  kind int2 NOT NULL,
  status int2 NOT NULL,
  source int2 NOT NULL,
  target int2 NOT NULL
);
CREATE INDEX staged_entries_member ON staged_entries (program, book, member);

-- What is told of a member when the book is opened: what time has changed until then, and what the edition does.
CREATE TABLE staged_changes (
  member int8 NOT NULL,
  effective int8 NOT NULL,
  place int4 NOT NULL,
  program int2 NOT NULL REFERENCES programs,
  book int2 NOT NULL,
  caused int2 NOT NULL,
  body text NOT NULL,
  PRIMARY KEY (program, book, member, place)
);
