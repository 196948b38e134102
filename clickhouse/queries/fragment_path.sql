-- The path of one session: columns of a SELECT over `events FINAL` that groups by Project, SessionId.
-- Turns are the session's events in order (time, then event id). A step is a run of turns of one topic: Path holds the
-- steps' topics, the Step… arrays run beside it. No lambda captures an array, so a session of 10,000 turns costs O(n).
-- LastTurn is (IsError, LatencyMs).
-- A rephrase is a turn that says the same as the turn before it in one step: same anchor or same text.
-- Placeholder: topic (the topic of an event at the level asked for). Parameter: activeSince (Int64, unix ms): a session
-- whose last turn is younger has not ended.
    SessionId,
    arraySort(groupArray((Timestamp, EventId, {{topic}}, AnchorId, TextHash, IsError, LatencyMs))) AS Turns,
    Turns.1 AS TurnTimes,
    Turns.3 AS TurnTopics,
    arrayMap((i, topic, before) -> i = 1 OR topic != before, arrayEnumerate(TurnTopics), TurnTopics, arrayShiftRight(TurnTopics, 1)) AS IsFirst,
    arrayShiftLeft(IsFirst, 1, toUInt8(1)) AS IsLast,
    arrayMap((isFirst, anchor, anchorBefore, text, textBefore) ->
            NOT isFirst AND ((anchor = anchorBefore AND anchor != 0) OR (text = textBefore AND text != 0)),
        IsFirst, Turns.4, arrayShiftRight(Turns.4, 1), Turns.5, arrayShiftRight(Turns.5, 1)) AS IsRephrase,
    arrayFilter((topic, isFirst) -> isFirst, TurnTopics, IsFirst) AS Path,
    arrayFilter((time, isFirst) -> isFirst, TurnTimes, IsFirst) AS StepStarts,
    arrayFilter((time, isLast) -> isLast, TurnTimes, IsLast) AS StepEnds,
    arrayFilter((ordinal, isLast) -> isLast, arrayEnumerate(TurnTopics), IsLast) AS TurnsSoFar,
    arrayMap((here, before) -> here - before, TurnsSoFar, arrayShiftRight(TurnsSoFar, 1)) AS StepTurns,
    arrayFilter((rephrases, isLast) -> isLast, arrayCumSum(IsRephrase), IsLast) AS RephrasesSoFar,
    arrayMap((here, before) -> here - before, RephrasesSoFar, arrayShiftRight(RephrasesSoFar, 1)) AS StepRephrases,
    max(Timestamp) AS EndedAt,
    EndedAt > fromUnixTimestamp64Milli({activeSince: Int64}) AS IsActive,
    (Turns[-1].6, Turns[-1].7) AS LastTurn
