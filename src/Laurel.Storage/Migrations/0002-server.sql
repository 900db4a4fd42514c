-- What a server keeps beside the programs: who may call it, and what it answered.

-- Random bytes of this database's own, by which the server knows again what it gave out.
CREATE TABLE secrets (
  name text /*postgres: COLLATE "C"*/ NOT NULL PRIMARY KEY,
  value bytea NOT NULL
);

-- Who may call the server. Of a key only its hash is kept.
CREATE TABLE keys (
  created int8 NOT NULL,
  expires int8,
  revoked int8,
  used int8,
  key text /*postgres: COLLATE "C"*/ NOT NULL PRIMARY KEY,
  hash bytea NOT NULL UNIQUE,
  name text NOT NULL,
  scopes text NOT NULL,
  program text /*postgres: COLLATE "C"*/
);

-- What was answered to a request that was sent with a name of its own, so that sending it again does nothing twice.
CREATE TABLE requests (
  expires int8 NOT NULL,
  status int4 NOT NULL,
  key text /*postgres: COLLATE "C"*/ NOT NULL,
  name text /*postgres: COLLATE "C"*/ NOT NULL,
  hash bytea NOT NULL,
  headers text NOT NULL,
  answer bytea NOT NULL,
  PRIMARY KEY (key, name)
);
CREATE INDEX requests_expires ON requests (expires);
