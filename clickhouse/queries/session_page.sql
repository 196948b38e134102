-- Which sessions do the filters select: one page of their ids in order, and how many there are in all (the row with an empty id).
-- Placeholders: paths, columns (`*` and more columns, for picked), picked (picks sessions by their paths), key (what the list is ordered by: a
-- number), direction (ASC | DESC), after (of the cursor: sessions behind the last one shown; `1` for the first page). Parameter: limit (UInt32).
-- Result: SessionId, SortKey, and in the row with an empty id TotalSessions, TotalEvents, TotalUsers.
WITH Sessions AS MATERIALIZED
    (
        SELECT SessionId, toFloat64({{key}}) AS SortKey, length(TurnTimes) AS EventCount, arrayFilter(user -> user != 0, arrayDistinct(TurnUsers)) AS Users
        FROM
        (
            SELECT {{columns}}
            FROM view(
{{paths}}
)
        )
        WHERE {{picked}}
    )
SELECT '' AS SessionId, 0 AS SortKey, count() AS TotalSessions, sum(EventCount) AS TotalEvents, uniqCombined64Array(14)(Users) AS TotalUsers
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
SETTINGS optimize_aggregation_in_order = 1
