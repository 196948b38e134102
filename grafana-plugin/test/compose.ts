/** Reads `docker-compose.yaml` as `docker compose` would: with its variables filled in. */
import { readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { parse } from 'yaml'

export const repository = resolve(import.meta.dirname, '../..')

export interface Service {
  readonly environment: Readonly<Record<string, string>>
  readonly volumes: readonly string[]
  readonly command?: readonly string[]
  readonly build?: string
}

export interface Compose {
  readonly name: string
  readonly services: Readonly<Record<string, Service>>
  readonly volumes: Readonly<Record<string, unknown>>
}

/** @throws Error when a variable that must be given is missing */
export async function readCompose(variables: Readonly<Record<string, string>>): Promise<Compose> {
  return parse(fillIn(await readFile(join(repository, 'docker-compose.yaml'), 'utf8'), variables))
}

/** The variables of an env file such as `deploy/clickhouse-server.env`, beside those given. */
export async function readEnvFile(file: string, variables: Readonly<Record<string, string>>): Promise<Record<string, string>> {
  const text = await readFile(join(repository, file), 'utf8')
  const entries = [...text.matchAll(/^(\w+)=(.*)$/gm)].map(([, name = '', value = '']) => [name, fillIn(value, variables)])
  return { ...variables, ...Object.fromEntries(entries) }
}

/** Compose's own syntax: `$$`, `${X}`, `${X-default}`, `${X:-default also where empty}`, `${X:?message}`. */
function fillIn(text: string, variables: Readonly<Record<string, string>>): string {
  return text.replace(/\$\$|\$\{(\w+)(?:(:?[-?])([^}]*))?\}/g, (whole, name?: string, operator = '', rest = '') => {
    if (name === undefined) {
      return whole === '$$' ? '$' : whole
    }
    const value = variables[name]
    const isMissing = value === undefined || (operator.startsWith(':') && value === '')
    if (isMissing && operator.endsWith('?')) {
      throw new Error(`${name}: ${rest}`)
    }
    return isMissing ? rest : value
  })
}
