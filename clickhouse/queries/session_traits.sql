-- What makes a session's path: hashes of its topics and transitions, as text. Placeholders: paths, traits.
SELECT arrayMap(trait -> toString(trait), {{traits}}) AS Traits
FROM view(
{{paths}}
)
