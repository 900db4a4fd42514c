-- What somebody proposed and somebody else has to approve before it is told as a fact: 0 waits, 1 approved, 2 declined.
CREATE TABLE proposals (
  proposed int8 NOT NULL,
  decided int8,
  program int2 NOT NULL REFERENCES programs,
  state int2 NOT NULL,
  proposal text /*postgres: COLLATE "C"*/ NOT NULL,
  key text /*postgres: COLLATE "C"*/ NOT NULL,
  decider text /*postgres: COLLATE "C"*/,
  fact text NOT NULL,
  PRIMARY KEY (program, proposal)
);
CREATE INDEX proposals_state ON proposals (program, state, proposed);
