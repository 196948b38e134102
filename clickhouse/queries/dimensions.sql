-- Under which metadata keys do texts stand? Placeholders: where (of every dimension), shared (true for one that the caller sees).
SELECT Dimension, count() AS Events
FROM events FINAL
WHERE {{where}}
GROUP BY Dimension
HAVING {{shared}}
ORDER BY Events DESC, Dimension
LIMIT 100
