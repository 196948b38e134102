-- How many sessions pass topics in order? Placeholders: paths; reached (fragment_funnel_loose or _strict).
-- Result: Sessions (all of the filter), Reaching (sessions per step), Seconds (median from the step before; 0 for the first).
SELECT
    count() AS Sessions,
    countForEach(Reached) AS Reaching,
    quantileTDigestForEach(0.5)(arrayMap((here, before, step) -> if(step = 1, 0, (toUnixTimestamp64Milli(here) - toUnixTimestamp64Milli(before)) / 1000),
        Reached, arrayShiftRight(Reached, 1), arrayEnumerate(Reached))) AS Seconds
FROM
(
    SELECT Path, StepStarts,
{{reached}}
    FROM view(
{{paths}}
)
)
SETTINGS optimize_aggregation_in_order = 1
