-- How many events carry each metadata key? Placeholders: where, shared (true for a key that the caller sees).
SELECT arrayJoin(mapKeys(Fields)) AS Field, count() AS Events
FROM events FINAL
WHERE {{where}}
GROUP BY Field
HAVING {{shared}}
ORDER BY Events DESC, Field
LIMIT 1000
