-- Which clustering runs were there, newest first? Parameters: limit (UInt32), before (UInt64: versions below it).
SELECT
    toString(Version) AS RunVersion, toUnixTimestamp64Milli(clustering_runs.At) AS RunAt, Messages, Topics, Gamma, Modularity, Silhouette, Churn, DurationMs, Trigger
FROM clustering_runs
WHERE Project = {project: String} AND Version < {before: UInt64}
ORDER BY Version DESC
LIMIT 1 BY Version
LIMIT {limit: UInt32}
