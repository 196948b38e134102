-- Under which metadata keys do texts stand? Placeholder: where (of every dimension).
SELECT Dimension, count() AS Events
FROM events FINAL
WHERE {{where}}
GROUP BY Dimension
ORDER BY Events DESC, Dimension
LIMIT 100
