import { describe, expect, it } from 'vitest'
import { checkServer } from '../src/check-server.ts'

describe('checkServer', () => {
  it('passes a server that knows the settings', async () => {
    await expect(
      checkServer(server('26.7.2.1', ['format_schema_source', 'input_format_protobuf_oneof_presence', 'enable_materialized_cte'])),
    ).resolves.toBeUndefined()
  })

  it('says which version came, which is needed and why', async () => {
    await expect(checkServer(server('25.10.1.3', ['format_schema_source']))).rejects.toThrow(
      'ClickHouse 25.10.1.3 is too old: 26.3 or newer is needed, for the setting input_format_protobuf_oneof_presence and enable_materialized_cte',
    )
  })
})

/** Stands for servers of other versions, which no package brings. */
function server(version: string, settings: readonly string[]): Parameters<typeof checkServer>[0] {
  return { version: async () => version, query: async <T>() => settings.map((name) => ({ name })) as T[] }
}
