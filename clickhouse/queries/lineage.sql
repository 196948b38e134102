-- What became of topics? Newest first, 5000 at most. Placeholder: where (of time, or of one topic).
SELECT DISTINCT
    toUnixTimestamp64Milli(topic_lineage.At) AS StepAt, toString(Version) AS RunVersion, Level, Kind,
    leftPad(lower(hex(FromId)), 16, '0') AS FromTopic, leftPad(lower(hex(ToId)), 16, '0') AS ToTopic, Mass
FROM topic_lineage
WHERE Project = {project: String} AND {{where}}
ORDER BY StepAt DESC, Level, FromTopic, ToTopic
LIMIT 5000
