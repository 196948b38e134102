-- The turns of each session that the filters select, from session_turns: one row per session, arrays in the order of the turns.
-- Most sessions are one row in order, without replaced or deleted events, and are taken as they are. The others, because their parts are not merged yet
-- or their events came late, are gathered and put in order as tuples. (FINAL does the same at ten times the cost: it merges all rows of all parts that
-- overlap.)
-- Placeholders, all from collector/src/query/stored-turns.ts: sessionWhere (rules out rows that cannot match), read (the arrays that are read),
-- inOrder (the same, from the tuples of Newest), chosen (array: 1 for a turn that counts), hasTurns (false for a session without any), kept (the arrays
-- that the query needs, as Turn…), topics (TurnTopics, from the anchors), visited (true for a session that visits the topics it must visit).
SELECT *
FROM
(
    SELECT *{{topics}}
    FROM
    (
        SELECT SessionId{{kept}}
        FROM
        (
            SELECT *{{chosen}}
            FROM
            (
                SELECT SessionId, {{read}}
                FROM session_turns
                WHERE {{sessionWhere}} AND {{is_in_order}} AND cityHash64(SessionId) NOT IN ({{split_sessions}})
                UNION ALL
                SELECT SessionId, {{inOrder}}
                FROM
                (
                    SELECT SessionId, arrayFilter((turn, next) -> NOT turn.4 AND (turn.1 != next.1 OR turn.2 != next.2), Turns, arrayShiftLeft(Turns, 1)) AS Newest
                    FROM
                    (
                        SELECT
                            SessionId,
                            arraySort(turn -> (turn.1, turn.2, turn.3), groupArrayArray(arrayZip(Times, EventKeys, Versions, Deleted, {{read}}))) AS Turns
                        FROM session_turns
                        WHERE {{sessionWhere}} AND (NOT {{is_in_order}} OR cityHash64(SessionId) IN ({{split_sessions}}))
                        GROUP BY SessionId
                    )
                )
            )
        )
        WHERE {{hasTurns}}
    )
    WHERE notEmpty(TurnTimes)
)
WHERE {{visited}}
