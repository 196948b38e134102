/** Runs a program to its end. */
import { spawn } from 'node:child_process'

export interface RunOptions {
  readonly cwd: string
  readonly env?: Readonly<Record<string, string>>
  readonly timeoutMs?: number
}

/** @throws Error with what it wrote last, when it fails */
export async function run(command: string, args: readonly string[], { cwd, env, timeoutMs = 120_000 }: RunOptions): Promise<string> {
  const child = spawn(command, args, { cwd, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'], timeout: timeoutMs })
  let output = ''
  const keep = (chunk: Buffer): void => void (output = (output + chunk.toString()).slice(-20_000))
  child.stdout.on('data', keep)
  child.stderr.on('data', keep)
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
  })
  if (code !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${code}:\n${output}`)
  return output
}

/** Is the program on this machine? Says so when it is not. */
export async function hasProgram(command: string, args: readonly string[]): Promise<boolean> {
  try {
    await run(command, args, { cwd: '.' })
    return true
  } catch {
    process.stderr.write(`SKIPPED: ${command} is not on this machine, so what needs it is not tested\n`)
    return false
  }
}
