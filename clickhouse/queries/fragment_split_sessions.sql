-- Sessions that are several rows of session_turns. Placeholder: sessionWhere.
SELECT SessionId FROM session_turns WHERE {{sessionWhere}} GROUP BY SessionId HAVING count() > 1
