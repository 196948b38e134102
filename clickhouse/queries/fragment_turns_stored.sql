-- The turns of each session that the filters select, from session_turns: one row per session, arrays in the order of the turns.
-- Most sessions are one row in order, without replaced or deleted events, and are taken as they are. The others (OddSessions), because their parts are
-- not merged yet or their events came late, are gathered and put in order as tuples. (FINAL does the same at ten times the cost: it merges all rows of
-- all parts that overlap.) OddSessions are hashes, a tenth of the memory of a million ids: of two sessions with one hash both are gathered, which only
-- costs time.
-- Placeholders, all from collector/src/query/stored-turns.ts: sessionWhere (rules out rows that cannot match), read (the arrays that are read),
-- inOrder (the same, from the tuples of Newest), chosen (array: 1 for a turn that counts), hasTurns (false for a session without any), kept (the arrays
-- that the query needs, as Turn…), topics (TurnTopics, from the anchors), visited (true for a session that visits the topics it must visit).
WITH OddSessions AS MATERIALIZED
    (
        SELECT SessionHash
        FROM session_turns
        WHERE {{sessionWhere}}
        GROUP BY SessionHash
        HAVING count() > 1
        UNION ALL
        SELECT SessionHash
        FROM session_turns
        WHERE {{sessionWhere}} AND arrayExists((time, before, isDeleted) -> time <= before OR isDeleted, Times, arrayShiftRight(Times, 1), Deleted)
    )
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
                WHERE {{sessionWhere}} AND SessionHash NOT IN (SELECT SessionHash FROM OddSessions)
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
                        WHERE {{sessionWhere}} AND SessionHash IN (SELECT SessionHash FROM OddSessions)
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
