-- What a list of sessions shows and is ordered by: aggregates for fragment_paths.sql. The first text is cut at 200 characters.
,
                        argMin(SessionSource, (Timestamp, EventId)) AS Source,
                        argMinIf(UserId, (Timestamp, EventId), UserId != '') AS User,
                        groupUniqArrayIf(UserId, UserId != '') AS Users,
                        min(Timestamp) AS StartedAt,
                        count() AS EventCount,
                        countIf(Text != '') AS UserTurns,
                        sum(events.IsError) AS Errors,
                        sum(events.InputTokens) AS InputTokenSum,
                        sum(events.OutputTokens) AS OutputTokenSum,
                        sum(events.Cost) AS CostSum,
                        leftUTF8(argMin(Text, (Timestamp, EventId)), 200) AS FirstText
