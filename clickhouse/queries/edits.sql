-- Which edits did people make, newest first? Parameters: limit (UInt32), before (Int64, unix ms) and beforeEdit (String): of the cursor.
SELECT EditId, toUnixTimestamp64Milli(topic_edits.At) AS EditedAt, Author, Kind, leftPad(lower(hex(TopicId)), 16, '0') AS Topic, Arguments, topic_edits.Undone = 1 AS Undone
FROM topic_edits FINAL
WHERE Project = {project: String} AND (EditedAt, EditId) < ({before: Int64}, {beforeEdit: String})
ORDER BY EditedAt DESC, EditId DESC
LIMIT {limit: UInt32}
