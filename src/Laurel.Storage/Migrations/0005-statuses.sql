-- (*) What an operator has said of a program, each row as it is from its commit on; the one of number 0 as it was when the program was taken in. A program
-- without a row goes by the server's clock, takes members in at any time, and is not archived.
CREATE TABLE statuses (
  number int8 NOT NULL,
  clock int8,
  opens int8,
  closes int8,
  archived int8,
  program int2 NOT NULL REFERENCES programs,
  PRIMARY KEY (program, number)
);
