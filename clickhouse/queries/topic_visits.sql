-- How often is each topic visited, left for good, and asked again? The figures of journeys.sql that a list of topics needs.
-- Placeholder: paths. Result: Id (16 hex digits), Visits (steps), DropOffs, Rephrases.
SELECT leftPad(lower(hex(Topic)), 16, '0') AS Id, count() AS Visits, countIf(Step = StepCount AND NOT IsActive) AS DropOffs, sum(StepRephrase) AS Rephrases
FROM
(
    SELECT Path, length(Path) AS StepCount, StepRephrases, IsActive
    FROM
    (
{{paths}}
    )
)
ARRAY JOIN Path AS Topic, arrayEnumerate(Path) AS Step, StepRephrases AS StepRephrase
GROUP BY Topic
SETTINGS optimize_aggregation_in_order = 1
