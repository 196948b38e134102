-- One row per session that the filters select: its path.
-- Placeholders: path, where (picks events), having (picks sessions).
SELECT
{{path}}
FROM events FINAL
WHERE {{where}}
GROUP BY Project, SessionId
HAVING {{having}}
