-- What is known of a project's metadata keys? Result: Field, Kind, Evidence (JSON), Override ('' = none), Events, RowVersion.
SELECT Field, Kind, Evidence, Override, Events, Version AS RowVersion
FROM fields FINAL
WHERE Project = {project: String}
ORDER BY Field
