-- What an INSERT writes is small enough for one file of all columns: a file for each column costs its buffers in memory, and CPU.
-- Merges make larger parts, with a file for each column, which is what reading few of many rows wants. Spans are read seldom and go
-- after days, so their parts are merged ten at a time, half as often.
ALTER TABLE otel_traces {{onCluster}} MODIFY SETTING min_bytes_for_wide_part = 268435456, min_parts_to_merge_at_once = 10;
ALTER TABLE otel_traces_trace_id_ts {{onCluster}} MODIFY SETTING min_parts_to_merge_at_once = 10;
ALTER TABLE events {{onCluster}} MODIFY SETTING min_bytes_for_wide_part = 67108864;

-- The table is in the order of the trace id: its key finds a trace, and every INSERT and merge made the filter for nothing.
ALTER TABLE otel_traces_trace_id_ts {{onCluster}} DROP INDEX IF EXISTS idx_trace_id;
