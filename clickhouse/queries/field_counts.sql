-- How many events carry each metadata key? Placeholder: where.
SELECT arrayJoin(mapKeys(Fields)) AS Field, count() AS Events
FROM events FINAL
WHERE {{where}}
GROUP BY Field
ORDER BY Events DESC, Field
LIMIT 1000
