-- The turns of each session that the filters select, from session_turns: one row per session, arrays in the order of the turns.
-- Most sessions are one row; those that are several, because their parts are not merged yet, are gathered. (FINAL does the same at ten times the cost:
-- it merges all rows of all parts that overlap.)
-- A session that was stored in order, without replaced or deleted events, is taken as it is; others are sorted and cleared first.
-- Placeholders, all from collector/src/query/stored-turns.ts: sessionWhere (rules out rows that cannot match), stored (the
-- arrays that are read) and gathered (the same of several rows), ordered (arrays that conditions
-- speak of, as Ordered…), chosen (array: 1 for a turn that counts; may be empty for a session in order), hasTurns (false for a session without any),
-- kept (the arrays that the query needs, as Turn…), topics (TurnTopics, from the anchors), visited (true for a session that visits the topics it
-- must visit).
SELECT *
FROM
(
    SELECT *{{topics}}
    FROM
    (
        SELECT SessionId{{kept}}
        FROM
        (
            SELECT *, {{chosen}} AS IsChosen
            FROM
            (
                SELECT
                    *,
                    if(IsOrdered, emptyArrayUInt8(), arrayMap((time, key, isDeleted, timeAfter, keyAfter) -> NOT isDeleted AND (time != timeAfter OR key != keyAfter),
                        OrderedTimes, OrderedEventKeys, OrderedDeleted, arrayShiftLeft(OrderedTimes, 1), arrayShiftLeft(OrderedEventKeys, 1))) AS IsNewest
                FROM
                (
                    SELECT *{{ordered}}
                    FROM
                    (
                        SELECT
                            *,
                            arrayCount((time, before, isDeleted) -> time <= before OR isDeleted, Times, arrayShiftRight(Times, 1), Deleted) = 0 AS IsOrdered
                        FROM
                        (
                            SELECT SessionId, {{stored}}
                            FROM session_turns
                            WHERE {{sessionWhere}} AND cityHash64(SessionId) NOT IN ({{split_sessions}})
                            UNION ALL
                            SELECT SessionId, {{gathered}}
                            FROM session_turns
                            WHERE {{sessionWhere}} AND cityHash64(SessionId) IN ({{split_sessions}})
                            GROUP BY SessionId
                        )
                    )
                )
            )
        )
        WHERE {{hasTurns}}
    )
    WHERE notEmpty(TurnTimes)
)
WHERE {{visited}}
