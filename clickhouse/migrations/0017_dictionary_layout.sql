-- Where every anchor belongs now, as before, but of a million anchors 26 MB instead of 101, and read in the order of the table. While it is
-- reloaded the old one stays: this took more than the 400 MiB of the embedded engine, and takes less than 180 in all.
CREATE OR REPLACE DICTIONARY anchor_topics_now {{onCluster}}
(
    AnchorId UInt64,
    SubtopicId UInt64,
    TopicId UInt64,
    ThemeId UInt64
)
PRIMARY KEY AnchorId
SOURCE(CLICKHOUSE(QUERY '
    SELECT AnchorId, argMax(SubtopicId, Version) AS SubtopicId, argMax(TopicId, Version) AS TopicId, argMax(ThemeId, Version) AS ThemeId
    FROM {{database}}.anchor_topics
    GROUP BY Project, AnchorId
    SETTINGS optimize_aggregation_in_order = 1, max_threads = 1, max_block_size = 8192'))
LAYOUT(HASHED_ARRAY())
LIFETIME(0);
