/** The Collector's error cases, and those that Turret tells better. */
import { describe, expect, it } from 'vitest'
import { faultsOf, minimal } from './load.ts'

/** What is laid over the minimal configuration, and what is then told: path, message, suggestion. */
const cases: readonly [title: string, yaml: string, path: string, message: string, suggestion?: string][] = [
  ['an unknown key at the top', 'receiverz: {}', '', 'has invalid keys: receiverz', 'receivers'],
  [
    'an unknown key of a component',
    'receivers::otlp: {protocols: {http: }, protocolz: }',
    'receivers::otlp',
    'has invalid keys: protocolz',
    'protocols',
  ],
  [
    'an unknown key further down',
    'receivers::otlp::protocols::http::endpont: x',
    'receivers::otlp::protocols::http',
    'has invalid keys: endpont',
    'endpoint',
  ],
  ['an unknown key of the service', 'service::pipeline: {}', 'service', 'has invalid keys: pipeline', 'pipelines'],
  [
    'an unknown key of a pipeline',
    'service::pipelines::traces::exporter: []',
    'service::pipelines::traces',
    'has invalid keys: exporter',
    'exporters',
  ],
  [
    "an unknown key of a list's element",
    'extensions::api_keys::keys: [{key: k, scope: []}]',
    'extensions::api_keys::keys::0',
    'has invalid keys: scope',
    'scopes',
  ],
  [
    'an unknown key of a choice',
    'connectors::topics::labels::llm::modle: x',
    'connectors::topics::labels::llm',
    'has invalid keys: modle',
    'model',
  ],
  [
    'an unknown type',
    'receivers::otlpp:',
    'receivers',
    'unknown type: "otlpp" for id: "otlpp" (valid values: [otlp track otel_traces])',
    'otlp',
  ],
  [
    'an unknown type with a name',
    'receivers::otlpp/two:',
    'receivers',
    'unknown type: "otlpp" for id: "otlpp/two" (valid values: [otlp track otel_traces])',
    'otlp',
  ],
  [
    'a type of another section',
    'processors::topics:',
    'processors',
    'unknown type: "topics" for id: "topics" (valid values: [memory_limiter batch redaction])',
  ],
  [
    'a Collector component',
    'processors::tail_sampling: {policies: []}',
    'processors',
    '"tail_sampling" is known to the OpenTelemetry Collector, not part of Turret',
  ],
  [
    'a named Collector component',
    'exporters::kafka/eu:',
    'exporters',
    '"kafka/eu" is known to the OpenTelemetry Collector, not part of Turret',
  ],
  [
    'the old logging exporter',
    'exporters::logging:',
    'exporters',
    'the logging exporter has been deprecated, use the debug exporter instead',
  ],
  ['an id without a type', 'receivers::/x:', 'receivers', 'in "/x" id: the part before / should not be empty'],
  ['an id without a name', 'receivers::otlp/:', 'receivers', 'in "otlp/" id: the part after / should not be empty'],
  ['an empty id', 'receivers: {"": }', 'receivers', 'id must not be empty'],
  ['an id with a bad type', 'receivers::1otlp:', 'receivers', 'in "1otlp" id: invalid character(s) in type "1otlp"'],
  ['an id with a bad name', 'receivers: {"otlp/a b": }', 'receivers', 'in "otlp/a b" id: invalid character(s) in name "a b"'],
  ['a section that is a list', 'processors: [batch]', 'processors', 'expected a map of components'],
  ['a body that is a text', 'processors::batch: fast', 'processors::batch', 'expected a map, got "fast"'],
  ['no pipeline', 'service::pipelines:', 'service::pipelines', 'service must have at least one pipeline'],
  ['pipelines that are a list', 'service::pipelines: [traces]', 'service::pipelines', 'expected a map of pipelines'],
  [
    'an unknown signal',
    'service::pipelines::tracez: {receivers: [track], exporters: [debug]}',
    'service::pipelines',
    'in "tracez" id: unknown pipeline signal: "tracez"',
    'traces',
  ],
  [
    'a pipeline without receivers',
    'service::pipelines::traces/x: {exporters: [debug]}',
    'service::pipelines::traces/x',
    'must have at least one receiver',
  ],
  [
    'a pipeline without exporters',
    'service::pipelines::traces/x: {receivers: [track]}',
    'service::pipelines::traces/x',
    'must have at least one exporter',
  ],
  [
    'a pipeline whose list is a text',
    'service::pipelines::traces::receivers: track',
    'service::pipelines::traces::receivers',
    'expected a list, got "track"',
  ],
  [
    'a receiver that is not configured',
    'service::pipelines::traces::receivers: [trak]',
    'service::pipelines::traces',
    'references receiver "trak" which is not configured',
    'track',
  ],
  [
    'a processor that is not configured',
    'service::pipelines::traces::processors: [batch]',
    'service::pipelines::traces',
    'references processor "batch" which is not configured',
  ],
  [
    'an exporter that is not configured',
    'service::pipelines::traces::exporters: [clickhouse]',
    'service::pipelines::traces',
    'references exporter "clickhouse" which is not configured',
  ],
  [
    'an extension that is not configured',
    'service::extensions: [health_check]',
    'service::extensions',
    'references extension "health_check" which is not configured',
  ],
  [
    'a connector used as a processor',
    '{connectors: {topics: }, service: {pipelines: {traces: {processors: [topics]}}}}',
    'service::pipelines::traces',
    'references processor "topics" which is not configured',
  ],
  [
    'a processor used twice',
    '{processors: {batch: }, service: {pipelines: {traces: {processors: [batch, batch]}}}}',
    'service::pipelines::traces',
    'references processor "batch" multiple times',
  ],
  [
    'a signal that a receiver does not take',
    'service::pipelines::logs: {receivers: [track], exporters: [debug]}',
    'service::pipelines::logs',
    'failed to create "track" receiver for data type "logs": telemetry type is not supported',
  ],
  [
    'a signal that an exporter does not take',
    '{receivers: {otlp: {protocols: {http: }}}, service: {pipelines: {metrics: {receivers: [otlp], exporters: [debug]}}}}',
    'service::pipelines::metrics',
    'failed to create "debug" exporter for data type "metrics": telemetry type is not supported',
  ],
  [
    'an id of an exporter and a connector',
    '{exporters: {topics: }, connectors: {topics: }}',
    'connectors::topics',
    'ambiguous ID: Found both "topics" exporter and "topics" connector. Change one of the components\' IDs to eliminate ambiguity (e.g. rename "topics" connector to "topics/connector")',
  ],
  [
    'a connector that leads nowhere',
    '{connectors: {topics: }, service: {pipelines: {traces: {exporters: [topics]}}}}',
    'service::pipelines::traces',
    'connector "topics" used as exporter in traces pipeline but not used in any supported receiver pipeline',
  ],
  [
    'a connector that nothing feeds',
    '{connectors: {topics: }, service: {pipelines: {logs: {receivers: [topics], exporters: [debug]}}}}',
    'service::pipelines::logs',
    'connector "topics" used as receiver in logs pipeline but not used in any supported exporter pipeline',
  ],
  [
    'a connector that emits another signal',
    '{connectors: {topics: }, service: {pipelines: {traces: {exporters: [topics]}, traces/x: {receivers: [topics], exporters: [debug]}}}}',
    'service::pipelines::traces',
    'connector "topics" used as exporter in traces pipeline but not used in any supported receiver pipeline',
  ],
  [
    'pipelines in a circle',
    '{connectors: {topics: }, service: {pipelines: {logs: {receivers: [topics], exporters: [topics]}}}}',
    'service::pipelines::logs',
    'cycle detected: its connectors lead back to this pipeline',
  ],
  [
    'a duration without a unit',
    'processors::batch::timeout: 5',
    'processors::batch::timeout',
    'expected a duration such as "200ms", got 5',
  ],
  [
    'a duration with a sign',
    'processors::batch::timeout: -1s',
    'processors::batch::timeout',
    'expected a duration such as "200ms", got "-1s"',
  ],
  [
    'a size in an unknown unit',
    'exporters::clickhouse::spool::max_size: 5 bananas',
    'exporters::clickhouse::spool::max_size',
    'expected a size such as "64MiB", got "5 bananas"',
  ],
  [
    'a batch whose most is less than its usual',
    'processors::batch: {send_batch_size: 10, send_batch_max_size: 5}',
    'processors::batch::send_batch_max_size',
    'send_batch_max_size must be greater or equal to send_batch_size',
  ],
  [
    'a number below its least',
    'processors::batch::send_batch_size: -1',
    'processors::batch::send_batch_size',
    'expected at least 0, got -1',
  ],
  ['a fraction', 'processors::batch::send_batch_size: 1.5', 'processors::batch::send_batch_size', 'expected a whole number, got 1.5'],
  ['a number in quotes', 'processors::batch::send_batch_size: "10"', 'processors::batch::send_batch_size', 'expected a number, got "10"'],
  [
    'a text without quotes',
    'exporters::otlp_http: {endpoint: "http://x", headers: {x-tenant: 7}}',
    'exporters::otlp_http::headers::x-tenant',
    'expected a string, got a value that is not shown: put it in quotes',
  ],
  [
    'a word for true or false',
    'exporters::clickhouse::create_schema: yes',
    'exporters::clickhouse::create_schema',
    'expected true or false, got "yes"',
  ],
  [
    'an unknown choice',
    'exporters::debug::verbosity: detaild',
    'exporters::debug::verbosity',
    'expected one of "basic", "normal", "detailed", got "detaild"',
    'detailed',
  ],
  [
    'a memory limiter without a limit',
    'processors::memory_limiter:',
    'processors::memory_limiter::limit_mib',
    "'limit_mib' or 'limit_percentage' must be greater than zero",
  ],
  [
    'a memory limiter that never looks',
    'processors::memory_limiter: {check_interval: 0s, limit_mib: 1}',
    'processors::memory_limiter::check_interval',
    "'check_interval' must be greater than zero",
  ],
  [
    'a spike above the limit',
    'processors::memory_limiter: {limit_mib: 5, spike_limit_mib: 5}',
    'processors::memory_limiter::spike_limit_mib',
    "'spike_limit_mib' must be smaller than 'limit_mib'",
  ],
  [
    "a spike share above the limit's",
    'processors::memory_limiter: {limit_percentage: 5, spike_limit_percentage: 6}',
    'processors::memory_limiter::spike_limit_percentage',
    "'spike_limit_percentage' must be smaller than 'limit_percentage'",
  ],
  [
    'an OTLP receiver without a protocol',
    'receivers::otlp:',
    'receivers::otlp',
    'must specify at least one protocol when using the OTLP receiver',
  ],
  [
    'an address without a port',
    'receivers::track::endpoint: localhost',
    'receivers::track::endpoint',
    'expected an address such as "127.0.0.1:4318", got "localhost"',
  ],
  ['a forwarder without an endpoint', 'exporters::otlp_http:', 'exporters::otlp_http', 'at least one endpoint must be specified'],
  [
    "ClickHouse's native protocol",
    'exporters::clickhouse::endpoint: tcp://u:p@h:9000',
    'exporters::clickhouse::endpoint',
    'expected "chdb:<directory>" or "http(s)://user:password@host:8123/database", got "tcp://[REDACTED]@h:9000"',
  ],
  [
    'a bad regular expression',
    'processors::redaction::custom: [{name: x, pattern: "("}]',
    'processors::redaction::custom::0::pattern',
    'expected a regular expression in RE2 syntax, without look-around and back-references, got "("',
  ],
  [
    'a key that is missing',
    'processors::redaction::custom: [{name: x}]',
    'processors::redaction::custom::0::pattern',
    'expected a string, got nothing',
  ],
  [
    'ONNX without its model',
    'connectors::topics::embedding::provider: onnx',
    'connectors::topics::embedding::onnx::dir',
    'must be set for the provider "onnx"',
  ],
  [
    'a language model that is neither off nor a map',
    'connectors::topics::labels::llm: on',
    'connectors::topics::labels::llm',
    'expected "off" or a map, got "on"',
  ],
  [
    'an unknown scheme',
    'receivers::track::path: "${vault:x}"',
    '',
    'scheme "vault" is not supported for uri "vault:x": Turret expands ${env:NAME} only',
  ],
  [
    'a bad variable name',
    'receivers::track::path: "${env:1X}"',
    '',
    'environment variable "1X" has invalid name: must match regex ^[a-zA-Z_][a-zA-Z0-9_]*$ (write $$ for a plain $)',
  ],
]

describe('a configuration is refused', () => {
  it.each(cases)('for %s', async (_title, yaml, path, message, suggestion) => {
    const faults = await faultsOf([minimal, `yaml:${yaml}`])

    expect(faults).toContainEqual(expect.objectContaining({ path, message, ...(suggestion === undefined ? {} : { suggestion }) }))
  })

  it('with all its faults at once, in the order of their lines', async () => {
    const yaml = 'yaml:\nexporters:\n  debug: {verbosity: loud}\nreceivers:\n  track: {max_batch: 0, pth: x}\nservice:\n  extensions: [x]\n'

    const faults = await faultsOf([minimal, yaml])

    expect(faults.map(({ line, path }) => [line, path])).toEqual([
      [3, 'exporters::debug::verbosity'],
      [5, 'receivers::track::max_batch'],
      [5, 'receivers::track'],
      [7, 'service::extensions'],
    ])
  })

  it('once for an unknown type that a pipeline refers to', async () => {
    const faults = await faultsOf([minimal, 'yaml:{receivers: {kafka: }, service: {pipelines: {traces: {receivers: [kafka]}}}}'])

    expect(faults).toHaveLength(1)
  })

  it.each([
    ['nothing at all', 'yaml:', 'empty configuration file'],
    ['comments alone', 'yaml:# nothing yet', 'empty configuration file'],
    ['a list', 'yaml:[a, b]', 'expected a map with the keys of a Collector configuration'],
    [
      'no receivers',
      'yaml:{exporters: {debug: }, service: {pipelines: {traces: {receivers: [x], exporters: [debug]}}}}',
      'no receiver configuration specified in config',
    ],
    [
      'no exporters',
      'yaml:{receivers: {track: }, service: {pipelines: {traces: {receivers: [track], exporters: [x]}}}}',
      'no exporter configuration specified in config',
    ],
    ['no service', 'yaml:{receivers: {track: }, exporters: {debug: }}', 'service must have at least one pipeline'],
    ['a key that comes twice', 'yaml:receivers: {track: , track: }', 'Map keys must be unique'],
    ['a missing bracket', 'yaml:receivers: [', expect.stringContaining('Flow sequence')],
    ['a tab for indentation', 'yaml:receivers:\n\totlp:', expect.stringContaining('Tabs are not allowed')],
    ['two documents', 'yaml:a: 1\n---\nb: 2', expect.stringContaining('multiple documents')],
    ['an alias of nothing', 'yaml:receivers: *nothing', expect.stringContaining('Unresolved alias')],
    ['a document inside itself', 'yaml:receivers: &all\n  x: *all', 'nested too deeply, or too large'],
    ['a file that is not there', 'nowhere.yaml', 'unable to read the file nowhere.yaml: no such file'],
    ['a directory', '.', 'unable to read the file .: it is a directory'],
    ['a variable that is not set', 'env:NOTHING', 'environment variable "NOTHING" is not set'],
    ['a scheme of other distributions', 's3:bucket', 'scheme "s3" is not supported for uri "s3:bucket": give a file, yaml: or env:'],
  ])('for %s', async (_title, uri, message) => {
    const faults = await faultsOf([uri])

    expect(faults.map((fault) => fault.message)).toContainEqual(message)
  })

  it('for no source', async () => {
    expect((await faultsOf([])).map(({ message }) => message)).toEqual(['at least one config flag must be provided'])
  })

  it("for being the SDK's configuration, and says so alone", async () => {
    const faults = await faultsOf(['yaml:file_format: "1.1"\ntracer_provider:\n  processors: []\n'])

    expect(faults).toHaveLength(1)
    expect(faults[0]?.message).toMatch(/^this is the SDK's declarative configuration \(OTEL_CONFIG_FILE\), not a Collector configuration: /)
  })

  it('for a --set flag without an equal sign', async () => {
    const faults = await faultsOf([minimal], { set: ['processors.batch.timeout'] })

    expect(faults[0]?.message).toBe('--set=processors.batch.timeout: missing equal sign')
  })
})
