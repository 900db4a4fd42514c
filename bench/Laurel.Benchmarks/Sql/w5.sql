-- Points and level under W5 of every member that ever joined, as it is at @at. Levels: 0 pioneer, 1 creator, 2 icon, 3 legend.
WITH plan_facts AS (
  SELECT subject, at, type, plan_ends,
    row_number() OVER told AS place,
    count(plan_ends) OVER told AS ends_told,
    -- A trial that began since the plan last stopped: its place and its end, by the end that was told or by the first 14 days.
    max(CASE WHEN type = 'plan.activated' AND trial_ends IS NOT NULL
        THEN ARRAY[at, CASE WHEN trial_ends > at THEN trial_ends ELSE 9223372036854775807 END] END) OVER before AS trial,
    max(at) FILTER (WHERE type = 'plan.activated' AND trial_ends IS NULL) OVER before AS first_day,
    max(at) FILTER (WHERE type IN ('plan.cancelled', 'plan.expired', 'plan.moved_out')) OVER before AS stopped
  FROM facts
  WHERE at <= @at
    AND type IN ('plan.activated', 'plan.renewed', 'plan.expired', 'plan.cancelled', 'plan.moved_in', 'plan.moved_out')
  WINDOW told AS (PARTITION BY subject ORDER BY at, type, position ROWS UNBOUNDED PRECEDING),
    before AS (PARTITION BY subject ORDER BY at, type, position ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
),
plan_turns AS (
  SELECT subject, at, type, place, ends_told, plan_ends,
    CASE
      WHEN type IN ('plan.activated', 'plan.renewed') THEN 1
      WHEN type IN ('plan.expired', 'plan.moved_out') THEN 0
      WHEN type = 'plan.cancelled' AND (trial[1] >= coalesce(stopped, trial[1]) AND at <= trial[2]
        OR first_day >= coalesce(stopped, first_day) AND at <= first_day + 14 * 86400000000) THEN 0
    END AS turn
  FROM plan_facts
),
plan_steps AS (
  SELECT subject, at, type, place, turn,
    max(plan_ends) OVER (PARTITION BY subject, ends_told) AS ends,
    max(at) FILTER (WHERE turn = 1) OVER told AS started,
    count(turn) OVER told AS island,
    lead(at) OVER (PARTITION BY subject ORDER BY place) AS next_at
  FROM plan_turns
  WINDOW told AS (PARTITION BY subject ORDER BY place ROWS UNBOUNDED PRECEDING)
),
-- An island: a fact that starts or ends the plan, and those after it that do neither. A plan runs out in one that it started,
-- by the end told last; an end that is not later than the last start is of the plan before.
islands AS (
  SELECT subject, island, min(at) AS at, max(turn) AS turn,
    min(greatest(ends, at)) FILTER (WHERE ends > started AND (next_at IS NULL OR greatest(ends, at) < next_at)) AS runs_out,
    max(place) FILTER (WHERE type = 'plan.moved_in') AS moved_in,
    max(place) FILTER (WHERE type = 'plan.activated') AS activated
  FROM plan_steps
  GROUP BY subject, island
),
stretches AS (
  SELECT subject, at, turn, runs_out, moved_in, activated,
    lag(turn) OVER by_island AS turn_before,
    lag(runs_out) OVER by_island AS ran_out_before,
    lead(island) OVER by_island IS NULL AS is_last,
    max(turn) OVER (PARTITION BY subject ORDER BY at RANGE CURRENT ROW) = 1 AS goes_on
  FROM islands
  WINDOW by_island AS (PARTITION BY subject ORDER BY island)
),
-- The sites that are on a plan of their own, and when the plan before had lapsed.
plans AS (
  SELECT subject,
    max(CASE
      WHEN turn = 1 AND runs_out <= @at THEN runs_out
      WHEN turn = 0 AND turn_before = 1 AND ran_out_before IS NULL AND NOT goes_on THEN at
    END) AS lapsed
  FROM stretches
  GROUP BY subject
  HAVING bool_or(is_last AND turn = 1 AND (runs_out IS NULL OR runs_out > @at))
    AND coalesce(max(activated), 0) >= coalesce(max(moved_in), 0)
),
owners AS (
  SELECT DISTINCT ON (subject) subject, member
  FROM facts
  WHERE at <= @at AND type IN ('site.created', 'site.transferred')
  ORDER BY subject, at DESC, type DESC, position DESC
),
editors AS (
  SELECT DISTINCT ON (subject) subject, editor
  FROM facts
  WHERE at <= @at AND type = 'site.created'
  ORDER BY subject, at DESC, position DESC
),
creators AS (SELECT DISTINCT subject, member FROM facts WHERE at <= @at AND type = 'site.created'),
collaborators AS (
  SELECT DISTINCT ON (subject, member) subject, member, type
  FROM facts
  WHERE at <= @at AND type IN ('collaborator.added', 'collaborator.removed')
  ORDER BY subject, member, at DESC, type DESC, position DESC
),
claims AS (
  SELECT DISTINCT ON (subject, member) subject, member, type, at
  FROM facts
  WHERE at <= @at AND type IN ('claim.approved', 'claim.declined', 'collaborator.removed')
  ORDER BY subject, member, at DESC, type DESC, position DESC
),
workers AS (
  SELECT subject, member FROM owners JOIN plans USING (subject)
  UNION
  SELECT subject, member FROM collaborators JOIN plans USING (subject) WHERE type = 'collaborator.added'
  UNION
  SELECT subject, member FROM claims JOIN plans USING (subject) WHERE type = 'claim.approved' AND (lapsed IS NULL OR at > lapsed)
),
certificates AS (
  SELECT DISTINCT ON (subject) subject, type
  FROM facts
  WHERE at <= @at AND type IN ('certificate.earned', 'certificate.revoked')
  ORDER BY subject, at DESC, type DESC, position DESC
),
exams AS (
  SELECT DISTINCT ON (subject) subject, holder, school, course
  FROM facts
  WHERE at <= @at AND type = 'certificate.earned'
  ORDER BY subject, at DESC, position DESC
),
persons AS (
  SELECT DISTINCT ON (subject) subject AS holder, type, team
  FROM facts
  WHERE at <= @at AND type IN ('person.joined_team', 'person.left_team')
  ORDER BY subject, at DESC, type DESC, position DESC
),
members AS (
  SELECT DISTINCT ON (subject) subject AS member, type = 'member.joined' AS enrolled
  FROM facts
  WHERE at <= @at AND type IN ('member.joined', 'member.left')
  ORDER BY subject, at DESC, type DESC, position DESC
),
given AS (
  SELECT workers.member, CASE WHEN editor <> 'classic' AND creators.member IS NOT NULL THEN 300 ELSE 100 END AS points
  FROM workers JOIN editors USING (subject) LEFT JOIN creators USING (subject, member)
  UNION ALL
  SELECT team, 100 * count(DISTINCT (school, course))
  FROM certificates JOIN exams USING (subject) JOIN persons USING (holder)
  WHERE certificates.type = 'certificate.earned' AND persons.type = 'person.joined_team' AND school IN ('learn', 'studio_academy')
  GROUP BY team
  UNION ALL
  SELECT subject, amount FROM facts WHERE at <= @at AND type IN ('member.adjusted', 'member.migrated')
),
totals AS (SELECT member, sum(points) AS points FROM given GROUP BY member)
SELECT
  member,
  CASE WHEN enrolled THEN coalesce(points, 0) ELSE 0 END::bigint AS points,
  CASE WHEN NOT enrolled THEN -1 WHEN points >= 5000 THEN 3 WHEN points >= 2000 THEN 2 WHEN points >= 1000 THEN 1 ELSE 0 END AS level
FROM members LEFT JOIN totals USING (member);
