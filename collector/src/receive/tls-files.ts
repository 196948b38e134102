/** The certificate and key of an HTTPS server: read from files, and read again when they change. */
import { readFileSync, unwatchFile, watchFile } from 'node:fs'
import { createSecureContext } from 'node:tls'

/** Paths of PEM files. */
export interface TlsFiles {
  readonly certFile: string
  readonly keyFile: string
}

export interface TlsPair {
  readonly cert: Buffer
  readonly key: Buffer
}

const checkIntervalMs = 5_000 // by looking, for a watch does not see a Kubernetes secret change behind its links

/** @throws Error when a file cannot be read, or key and certificate do not belong together */
export function readTls({ certFile, keyFile }: TlsFiles): TlsPair {
  const pair = { cert: readPem('cert_file', certFile), key: readPem('key_file', keyFile) }
  try {
    createSecureContext(pair)
  } catch (cause) {
    throw new Error(`tls: ${certFile} and ${keyFile} are no certificate and its key: ${String(cause)}`, { cause })
  }
  return pair
}

/**
 * Hands over each new pair; a pair that is not whole yet is told to `onError`, and the old one stays.
 * @returns ends the watch
 */
export function watchTls(files: TlsFiles, onChange: (pair: TlsPair) => void, onError: (error: unknown) => void): () => void {
  const reload = (): void => {
    try {
      onChange(readTls(files))
    } catch (error) {
      onError(error)
    }
  }
  const paths = [files.certFile, files.keyFile]
  for (const path of paths) watchFile(path, { interval: checkIntervalMs, persistent: false }, reload)
  return () => {
    for (const path of paths) unwatchFile(path, reload)
  }
}

function readPem(name: string, path: string): Buffer {
  try {
    return readFileSync(path)
  } catch (cause) {
    throw new Error(`tls: ${name}: ${path} cannot be read`, { cause })
  }
}
