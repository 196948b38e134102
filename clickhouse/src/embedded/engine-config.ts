// What the embedded engine may use: one config file and the settings every query starts from.

const MiB = 1024 * 1024

// Measured at 320 MiB: segments of 64 MiB go in one after another, of 90,000 spans, of 1,000 attributes a span, of texts of 3 kB.
export const defaultMaxMemoryBytes = 400 * MiB

/**
 * The engine's config file. Kept minimal: with `users` or `profiles` in it the engine does not start.
 * Caches are small because the operating system caches files too; two pool threads suit a machine of two cores.
 */
export function engineConfigXml(maxMemoryBytes: number): string {
  const values = {
    max_server_memory_usage: maxMemoryBytes,
    mark_cache_size: 16 * MiB,
    uncompressed_cache_size: 0,
    index_mark_cache_size: 4 * MiB,
    index_uncompressed_cache_size: 0,
    mmap_cache_size: 100,
    background_pool_size: 2,
    os_threads_nice_value_merge_mutate: 5, // merges wait for readers and inserts: a third of their share where the processor is short
    background_move_pool_size: 1,
    background_fetches_pool_size: 1,
    background_common_pool_size: 2,
    background_schedule_pool_size: 4,
    background_message_broker_schedule_pool_size: 1,
    background_distributed_schedule_pool_size: 1,
    tables_loader_background_pool_size: 1,
    tables_loader_foreground_pool_size: 2,
  }
  const lines = Object.entries(values).map(([name, value]) => `  <${name}>${value}</${name}>`)
  return `<clickhouse>\n${lines.join('\n')}\n</clickhouse>\n`
}

/** The settings a request starts from; its own win. */
export function baseSettings(maxMemoryBytes: number): Readonly<Record<string, string>> {
  return {
    async_insert: '0', // the engine batches nothing here: one insert is one body
    max_threads: '2',
    max_threads_min_free_memory_per_thread: '0', // by default a thread wants a GiB for itself: with less, every query runs on one
    max_insert_threads: '1',
    max_memory_usage: String(Math.floor(maxMemoryBytes * 0.5)), // one query cannot starve inserts and merges
    max_bytes_before_external_group_by: String(Math.floor(maxMemoryBytes * 0.2)), // beyond it a query spills to disk
    max_bytes_before_external_sort: String(Math.floor(maxMemoryBytes * 0.2)),
  }
}
