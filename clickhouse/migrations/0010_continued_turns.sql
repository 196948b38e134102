-- Which text a later call goes on with: a tool loop may run over several traces of one session.
ALTER TABLE turn_parts {{onCluster}} ADD COLUMN IF NOT EXISTS TextHash UInt64; -- as in events; 0 where the role is not step
