-- Which sessions do the filters select: one page of their ids in order, and how many there are in all (the row with an empty id).
-- Placeholders: path, columns (more of them, for having), where (picks events), having (picks sessions), key (what the list is ordered by: a number), direction (ASC | DESC),
-- after (of the cursor: sessions behind the last one shown; `1` for the first page). Parameter: limit (UInt32).
-- Result: SessionId, SortKey, and in the first row TotalSessions, TotalEvents, TotalUsers.
WITH Sessions AS MATERIALIZED
    (
        SELECT SessionId, toFloat64({{key}}) AS SortKey, Events, Users
        FROM
        (
            SELECT
{{path}},
{{columns}}
                count() AS Events,
                groupUniqArrayIf(UserId, UserId != '') AS Users,
                countIf(Text != '') AS UserTurns,
                countIf(IsError = 1) AS Errors,
                sum(InputTokens) + sum(OutputTokens) AS Tokens,
                sum(Cost) AS CostSum
            FROM events FINAL
            WHERE {{where}}
            GROUP BY Project, SessionId
            HAVING {{having}}
        )
    )
SELECT '' AS SessionId, 0 AS SortKey, count() AS TotalSessions, sum(Events) AS TotalEvents, uniqExactArray(Users) AS TotalUsers
FROM Sessions
UNION ALL
SELECT SessionId, SortKey, 0, 0, 0
FROM
(
    SELECT SessionId, SortKey
    FROM Sessions
    WHERE {{after}}
    ORDER BY SortKey {{direction}}, SessionId
    LIMIT {limit: UInt32}
)
SETTINGS optimize_aggregation_in_order = 1, enable_materialized_cte = 1
