-- One row a fact, as learnt; what was told twice is there once, and what was retracted is not. Names are numbers here.
-- fact_type is an enum in the order of the program's types: at one instant, what ends comes before what begins anew.
CREATE UNLOGGED TABLE facts (
  position     bigint    NOT NULL,
  subject      int       NOT NULL,
  at           bigint    NOT NULL, -- microseconds since 1970
  type         fact_type NOT NULL,
  member       int,
  editor       text,
  plan_ends    bigint,
  trial_ends   bigint,
  team         int,
  holder       int,
  school       text,
  course       text,
  amount       bigint
);
