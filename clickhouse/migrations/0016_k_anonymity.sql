-- A key with a number here sees only what at least so many users share; 0 = everything.
ALTER TABLE api_keys {{onCluster}} ADD COLUMN IF NOT EXISTS KAnonymity UInt8 DEFAULT 0 AFTER MonthlyQuota;
