-- Which steps of a funnel do enough people reach? A session is one person's, the first user it names; without one it is nobody's.
-- Placeholders: paths; reached (fragment_funnel_loose or _strict); below (number: steps of so many people, or fewer, are left out). Result: Step (1…).
SELECT Step
FROM
(
    SELECT arrayFirst(user -> user != 0, TurnUsers) AS Person, Path, StepStarts,
{{reached}}
    FROM view(
{{paths}}
)
    WHERE Person != 0
)
ARRAY JOIN arrayEnumerate(Reached) AS Step
GROUP BY Step
HAVING uniqUpTo({{below}})(Person) > {{below}}
SETTINGS optimize_aggregation_in_order = 1
