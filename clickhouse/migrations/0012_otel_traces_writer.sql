-- Who wrote the span: 'turret', or '' for a clickhouseexporter beside it, whose spans have yet to be looked at for events.
ALTER TABLE otel_traces {{onCluster}} ADD COLUMN IF NOT EXISTS WrittenBy LowCardinality(String) DEFAULT '';
