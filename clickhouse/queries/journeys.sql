-- How do conversations flow over topics? One scan; every list is summed from the same steps, so that they reconcile.
-- A step leaves for the next topic (Ending = 0), or is the session's last one: drop-off (1) or still active (2).
-- Placeholders: paths; position (a step's place in the flow, from its number `i` and `Path`).
-- Parameters: first, last (Int16: places shown in the flow), top (UInt32: topics per place), limit (UInt32: rows per list).
-- Result: List (topic | follow_up | pair | cycle | node | link), Place, FromTopic, ToTopic (16 hex digits; '' = Other or none), Cycle,
-- and the measures: Steps, Turns, Sessions, Starts, DropOffs, Active, Returns, Rephrases, RephraseSessions, DropOffErrors,
-- DropOffLatencyMs (mean), Seconds (median from the end of a step to the start of the next), Total (Sessions or Steps before the limit).
WITH
    (topic -> leftPad(lower(hex(topic)), 16, '0')) AS toId,
    Sessions AS
    (
        {{paths}}
    ),
    -- One row per step of one session, and per pair (A→B→A or B→A→B) and simple cycle of 3…8 topics that a session goes through.
    Records AS
    (
        SELECT arrayJoin(arrayConcat(
            arrayMap((i, topic, next, visit, pairing, rephrased, turns, rephrases, start, end, isLast) ->
                    (1, toInt16({{position}}), topic, next, if(isLast, if(IsActive, 2, 1), 0), emptyArrayUInt64(),
                     visit, pairing, rephrased, turns, rephrases,
                     if(isLast, 0, dateDiff('millisecond', end, start) / 1000), i = 1),
                arrayEnumerate(Path), Path, arrayShiftLeft(Path, 1), arrayEnumerateUniq(Path), arrayEnumerateUniq(Path, arrayShiftLeft(Path, 1))
            ) )) AS Record
        FROM Sessions
    )
SELECT 1
