/** Chat histories in every shape that instrumentations send, as one list of roles and texts. */
import type { AttributeValue, Attributes } from '../../wire/value.ts'

export interface Message {
  readonly role: string
  /** Text parts joined by newlines; '' when the message has none (images, tool calls). */
  readonly text: string
  /** Names of the tools that the message calls. */
  readonly tools: readonly string[]
}

/** Parses text as JSON; undefined when it is not JSON (a message may have been cut in half by a length limit). */
export function parseJson(text: string): unknown {
  const first = text.trimStart()[0]
  if (first !== '{' && first !== '[' && first !== '"') return undefined
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Text that begins as JSON and is none: a length limit cut it in half. It is nobody's question. */
export function isCutJson(value: AttributeValue | undefined): boolean {
  return typeof value === 'string' && /^\s*[[{]/.test(value) && parseJson(value) === undefined
}

/** An attribute that holds messages as a JSON string or as a structured value. */
export function messagesOf(value: AttributeValue | undefined): Message[] {
  return toMessages(typeof value === 'string' ? parseJson(value) : value)
}

/** A parsed list of messages; anything else is an empty list. LangChain sends a list of lists, each message in `kwargs`. */
export function toMessages(value: unknown): Message[] {
  if (!Array.isArray(value)) return []
  return value
    .flat()
    .filter(isRecord)
    .map((item) => {
      const message = isRecord(item['kwargs']) ? item['kwargs'] : item
      const parts = message['parts'] ?? message['content']
      return { role: roleOf(message), text: textOf(parts), tools: [...toolsOf(message['tool_calls']), ...toolsOf(parts)] }
    })
}

/** Messages that are flattened over attributes: `<prefix>.N.message.role`, `<prefix>.N.role`. */
export function flattenedMessages(attributes: Attributes, prefix: string): Message[] {
  const messages: { role: string; texts: string[]; tools: string[] }[] = []
  const start = `${prefix}.`
  for (const key in attributes) {
    if (!key.startsWith(start)) continue
    const value = attributes[key]
    if (typeof value !== 'string') continue
    const [index, ...rest] = key.slice(start.length).split('.')
    const n = Number(index)
    if (!Number.isInteger(n) || n < 0 || n > 10_000) continue
    const message = (messages[n] ??= { role: '', texts: [], tools: [] })
    const path = (rest[0] === 'message' ? rest.slice(1) : rest).join('.')
    if (path === 'role') message.role = value.toLowerCase()
    else if (path === 'content' || /^contents\.\d+\.message_content\.text$/.test(path)) message.texts.push(value)
    else if (/^tool_calls\.\d+\.(tool_call\.function\.name|name)$/.test(path)) message.tools.push(value)
  }
  if (messages.length === 0) return []
  return messages.filter((m) => m !== undefined).map((m) => ({ role: m.role, text: m.texts.join('\n'), tools: m.tools }))
}

/** The text parts of a message's content: a string, or a list of `{type: text, text | content}`. */
export function textOf(content: unknown): string {
  if (typeof content === 'string') return content
  if (!Array.isArray(content)) return ''
  const texts = content.map((part) => {
    if (typeof part === 'string') return part
    if (!isRecord(part)) return ''
    const type = part['type']
    if (type !== undefined && type !== 'text' && type !== 'input_text' && type !== 'output_text') return ''
    const text = part['text'] ?? part['content']
    return typeof text === 'string' ? text : ''
  })
  return texts.filter((text) => text !== '').join('\n')
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The role, or the type that stands for one: OpenAI's Responses API names tool calls and results by type, LangChain people. */
function roleOf(message: Record<string, unknown>): string {
  const role = message['role'] ?? message['type']
  if (typeof role !== 'string') return ''
  return roleNames[role.toLowerCase()] ?? role.toLowerCase()
}

const roleNames: Readonly<Record<string, string | undefined>> = {
  human: 'user',
  ai: 'assistant',
  model: 'assistant', // Google
  function: 'tool',
  function_call: 'assistant',
  function_call_output: 'tool',
}

function toolsOf(list: unknown): string[] {
  if (!Array.isArray(list)) return []
  return list.filter(isRecord).flatMap((call) => {
    const called = isRecord(call['function']) ? call['function']['name'] : (call['name'] ?? call['toolName'])
    const isCall = call['type'] === undefined || call['type'] === 'function' || call['type'] === 'tool_call' || call['type'] === 'tool-call'
    return isCall && typeof called === 'string' ? [called] : []
  })
}
