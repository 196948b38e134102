-- How many events and users does each condition of a filter leave out, the others kept? Whoever asks with and without it sees what they are.
-- Placeholders: where (of everything else), events (countIf(…) of each condition), users (uniqUpToIf(…) of each condition).
-- Result: Events, Users, one element per condition.
SELECT [{{events}}] AS Events, [{{users}}] AS Users
FROM events FINAL
WHERE {{where}}
