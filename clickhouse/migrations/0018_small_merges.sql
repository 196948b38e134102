-- Of the parts that were to be merged at once all small ones but one were left for later: tables of some megabytes were written anew for nearly
-- every INSERT, a quarter of a core at a thousand spans a second.
ALTER TABLE otel_traces {{onCluster}} MODIFY SETTING merge_selector_enable_heuristic_to_remove_small_parts_at_right = 0;
ALTER TABLE otel_traces_trace_id_ts {{onCluster}} MODIFY SETTING merge_selector_enable_heuristic_to_remove_small_parts_at_right = 0;
ALTER TABLE otel_logs {{onCluster}} MODIFY SETTING merge_selector_enable_heuristic_to_remove_small_parts_at_right = 0;
ALTER TABLE events {{onCluster}} MODIFY SETTING merge_selector_enable_heuristic_to_remove_small_parts_at_right = 0;
ALTER TABLE session_turns {{onCluster}} MODIFY SETTING merge_selector_enable_heuristic_to_remove_small_parts_at_right = 0;
ALTER TABLE turn_parts {{onCluster}} MODIFY SETTING merge_selector_enable_heuristic_to_remove_small_parts_at_right = 0;
