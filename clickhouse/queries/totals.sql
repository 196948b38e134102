-- How many events, sessions and users do the filters select? Placeholder: where. An empty user id is no user.
SELECT count() AS Events, uniqExact(SessionId) AS Sessions, uniqExactIf(UserId, UserId != '') AS Users
FROM events FINAL
WHERE {{where}}
