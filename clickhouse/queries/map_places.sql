-- Where are the landmarks of the project's map? No row before the first map. Result: Anchors (UInt64 as text), Xs, Ys (side by side), DrawnAt (unix ms).
SELECT arrayMap(id -> toString(id), AnchorIds) AS Anchors, Xs, Ys, Version AS DrawnAt
FROM maps FINAL
WHERE Project = {project: String}
