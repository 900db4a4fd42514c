-- In the order in which each question reads its facts, with all that it reads: no sorting, and no look at the table.
CREATE INDEX facts_of_plans ON facts (subject, at, type, position) INCLUDE (plan_ends, trial_ends)
  WHERE type IN ('plan.activated', 'plan.renewed', 'plan.expired', 'plan.cancelled', 'plan.moved_in', 'plan.moved_out');
CREATE INDEX facts_of_owners ON facts (subject, at DESC, type DESC, position DESC) INCLUDE (member, editor)
  WHERE type IN ('site.created', 'site.transferred');
CREATE INDEX facts_of_collaborators ON facts (subject, member, at DESC, type DESC, position DESC)
  WHERE type IN ('collaborator.added', 'collaborator.removed');
CREATE INDEX facts_of_claims ON facts (subject, member, at DESC, type DESC, position DESC)
  WHERE type IN ('claim.approved', 'claim.declined', 'collaborator.removed');
CREATE INDEX facts_of_certificates ON facts (subject, at DESC, type DESC, position DESC) INCLUDE (holder, school, course)
  WHERE type IN ('certificate.earned', 'certificate.revoked');
CREATE INDEX facts_of_persons ON facts (subject, at DESC, type DESC, position DESC) INCLUDE (team)
  WHERE type IN ('person.joined_team', 'person.left_team');
CREATE INDEX facts_of_members ON facts (subject, at DESC, type DESC, position DESC)
  WHERE type IN ('member.joined', 'member.left');
CREATE INDEX facts_of_adjustments ON facts (subject, at) INCLUDE (amount) WHERE type IN ('member.adjusted', 'member.migrated');
VACUUM (ANALYZE) facts;
