-- How many events, sessions and users do the filters select? Placeholder: turns. An empty user id is no user.
SELECT sum(length(TurnTimes)) AS Events, count() AS Sessions, uniqCombined64Array(14)(arrayFilter(user -> user != 0, arrayDistinct(TurnUsers))) AS Users
FROM view(
{{turns}}
)
