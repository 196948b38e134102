/** Reads the places a configuration comes from: files, `yaml:` texts, environment variables and `--set` flags. */
import { readFile, stat } from 'node:fs/promises'
import type { ConfigFault } from './config-error.ts'
import type { Source } from './document.ts'
import type { Environment } from './expand.ts'

const maxSourceBytes = 1_048_576 // 1 MiB: a thousand times the shipped configuration

/**
 * Reads one `--config` argument: a file's path, `file:path`, `yaml:a::b: value` or `env:NAME`.
 * @returns the source, or why it cannot be read
 */
export async function readSource(uri: string, env: Environment): Promise<Source | ConfigFault> {
  const scheme = /^([A-Za-z][A-Za-z0-9+.-]+):/.exec(uri)?.[1] // one letter alone is a Windows drive
  const rest = scheme === undefined ? uri : uri.slice(scheme.length + 1)
  if (scheme === undefined || scheme === 'file') return readTextFile(rest)
  if (scheme === 'yaml') return { file: `yaml:${/^[\w/:-]*(?=: )/.exec(rest)?.[0] ?? ''}`, text: rest }
  if (scheme === 'env') return readVariable(rest, env)
  return fault(`scheme "${scheme}" is not supported for uri "${uri}": give a file, yaml: or env:`, '')
}

/**
 * Reads one `--set` argument, such as `processors.batch.timeout=2s`.
 * @returns the source, or why it cannot be read
 */
export function readSetFlag(flag: string): Source | ConfigFault {
  const equals = flag.indexOf('=')
  if (equals < 0) return fault(`--set=${flag}: missing equal sign`, '')
  const path = flag.slice(0, equals).trim()
  return { file: `--set=${path}`, text: `${path.replaceAll('.', '::')}: ${flag.slice(equals + 1).trim()}` }
}

async function readTextFile(path: string): Promise<Source | ConfigFault> {
  try {
    const { size } = await stat(path)
    if (size > maxSourceBytes) return fault(`unable to read the file ${path}: ${size} bytes, at most ${maxSourceBytes} are allowed`, path)
    return { file: path, text: await readFile(path, 'utf8') }
  } catch (cause) {
    return fault(`unable to read the file ${path}: ${reason(cause)}`, path)
  }
}

function readVariable(name: string, env: Environment): Source | ConfigFault {
  const text = Object.hasOwn(env, name) ? env[name] : undefined
  return text === undefined ? fault(`environment variable "${name}" is not set`, `env:${name}`) : { file: `env:${name}`, text }
}

function fault(message: string, file: string): ConfigFault {
  return { path: '', message, file, line: 0, column: 0 }
}

function reason(cause: unknown): string {
  const code = (cause as NodeJS.ErrnoException).code
  if (code === 'ENOENT') return 'no such file'
  if (code === 'EISDIR') return 'it is a directory'
  if (code === 'EACCES') return 'permission denied'
  return cause instanceof Error ? cause.message : String(cause)
}
