-- Sessions that are several rows of session_turns, as hashes: a tenth of the memory of a million ids. Two sessions of one hash are taken for split
-- as well, which only costs the gathering. Placeholder: sessionWhere.
SELECT cityHash64(SessionId) AS SessionHash FROM session_turns WHERE {{sessionWhere}} GROUP BY SessionHash HAVING count() > 1
