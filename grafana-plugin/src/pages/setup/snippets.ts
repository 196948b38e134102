/** The shortest ways to send a first event, filled in with the reader's own address. */

export interface Snippet {
  readonly language: 'curl' | 'javascript' | 'python' | 'otel'
  readonly title: string
  readonly code: string
}

/** What stands where a person puts the key: keys are shown once and never read back. */
export const keyPlaceholder = 'YOUR_API_KEY'

/** @param url where applications reach the collector, without a slash at the end */
export function toSnippets(url: string): Snippet[] {
  return [
    {
      language: 'curl',
      title: 'cURL',
      code: `curl ${url}/track \\
  -H 'X-API-Key: ${keyPlaceholder}' \\
  -H 'Content-Type: application/json' \\
  -d '{"name": "chat", "session_id": "session-1", "user_id": "user-1",
       "metadata": {"prompt": "How do I import a CSV file?", "plan": "pro"}}'`,
    },
    {
      language: 'javascript',
      title: 'JavaScript',
      code: `await fetch('${url}/track', {
  method: 'POST',
  headers: { 'X-API-Key': '${keyPlaceholder}', 'Content-Type': 'application/json' },
  body: JSON.stringify({
    name: 'chat',
    session_id: 'session-1',
    user_id: 'user-1',
    metadata: { prompt: 'How do I import a CSV file?', plan: 'pro' },
  }),
})`,
    },
    {
      language: 'python',
      title: 'Python',
      code: `import requests

requests.post(
    "${url}/track",
    headers={"X-API-Key": "${keyPlaceholder}"},
    json={
        "name": "chat",
        "session_id": "session-1",
        "user_id": "user-1",
        "metadata": {"prompt": "How do I import a CSV file?", "plan": "pro"},
    },
    timeout=10,
)`,
    },
    {
      language: 'otel',
      title: 'OpenTelemetry',
      code: `# Any GenAI instrumentation: point its exporter here.
export OTEL_EXPORTER_OTLP_ENDPOINT=${url}
export OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf
export OTEL_EXPORTER_OTLP_HEADERS="X-API-Key=${keyPlaceholder}"`,
    },
  ]
}
