-- Which topics does a project have, on all levels, merged and retired ones included?
-- Result: Id, Parent, RedirectTo (16 hex digits; zeros = none), Level, IsActive, Label, …, BornAt (unix ms).
SELECT
    leftPad(lower(hex(TopicId)), 16, '0') AS Id,
    leftPad(lower(hex(ParentId)), 16, '0') AS Parent,
    leftPad(lower(hex(topics.RedirectTo)), 16, '0') AS RedirectTo,
    Level,
    State = 'active' AS IsActive,
    Label, Description, LabelSource, Keyphrases, Examples,
    topics.Hidden = 1 AS Hidden,
    topics.Pinned = 1 AS Pinned,
    Mass,
    toUnixTimestamp64Milli(topics.BornAt) AS BornAt
FROM topics FINAL
WHERE Project = {project: String} AND TopicId != 0
