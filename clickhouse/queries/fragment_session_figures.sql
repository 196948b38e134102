-- What a list of sessions shows: aggregates for fragment_turns_events.sql. The first text is cut at 200 characters.
,
        argMin(SessionSource, (Timestamp, EventId)) AS Source,
        argMinIf(UserId, (Timestamp, EventId), UserId != '') AS User,
        uniqExactIf(UserId, UserId != '') AS UserCount,
        leftUTF8(argMin(Text, (Timestamp, EventId)), 200) AS FirstText
