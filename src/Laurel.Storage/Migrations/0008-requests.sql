-- What falls due of requests by itself is told too: of such a change, the fact that asked.
ALTER TABLE changes ADD COLUMN asked int8;
CREATE INDEX changes_asked ON changes (program, asked) WHERE asked IS NOT NULL;

-- Subjects about which somebody asks are due (kind 3) when something of that is. Those about which somebody asked before are looked at at once.
INSERT INTO due (key, at, program, kind)
  SELECT f.subject, min(f.recorded), f.program, 3 FROM facts f JOIN words w ON w.program = f.program AND w.word = f.type
  WHERE w.text LIKE '%.submitted' AND f.subject IS NOT NULL GROUP BY f.program, f.subject;
