-- A hash of the session's id, for looking for sessions in several rows: an eighth of the bytes of the ids.
ALTER TABLE session_turns {{onCluster}} ADD COLUMN IF NOT EXISTS SessionHash SimpleAggregateFunction(any, UInt64) DEFAULT cityHash64(SessionId) AFTER SessionId;
ALTER TABLE session_turns {{onCluster}} MATERIALIZE COLUMN SessionHash;
