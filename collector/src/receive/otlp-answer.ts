/** Answers of the OTLP endpoints, in the form that the request came in. Source: opentelemetry-proto docs/specification.md. */
import type { ServerResponse } from 'node:http'
import type { CollectorError } from '../errors.ts'
import { WireWriter } from '../wire/writer.ts'
import type { OtlpAnswer, OtlpSignal } from './otlp-intake.ts'

export type OtlpEncoding = 'protobuf' | 'json'

const contentTypes = { protobuf: 'application/x-protobuf', json: 'application/json' } as const
const maxMessageBytes = 64 * 1024 // clients stop reading an answer at 4 MiB

/** The encoding that a content type names; undefined when it is none of ours. */
export function encodingOf(contentType: string | undefined): OtlpEncoding | undefined {
  const type = (contentType ?? '').split(';', 1)[0]!.trim().toLowerCase()
  if (type === 'application/x-protobuf' || type === 'application/protobuf') return 'protobuf'
  return type === 'application/json' ? 'json' : undefined
}

/** An Export…ServiceResponse in protobuf. `partial_success` stays unset when nothing was refused: a MUST. */
export function encodeAnswer(answer: OtlpAnswer): Buffer {
  if (answer.rejected === 0) return Buffer.alloc(0)
  const partial = new WireWriter(256).uint(1, answer.rejected).string(2, messageOf(answer)).finish()
  return new WireWriter(256).bytes(1, partial).finish()
}

const rejectedMembers = { traces: 'rejectedSpans', logs: 'rejectedLogRecords', metrics: 'rejectedDataPoints' } as const

/** 200. */
export function answerSuccess(response: ServerResponse, encoding: OtlpEncoding, signal: OtlpSignal, answer: OtlpAnswer): void {
  if (encoding === 'protobuf') {
    send(response, 200, encoding, encodeAnswer(answer))
    return
  }
  const partialSuccess = { [rejectedMembers[signal]]: String(answer.rejected), errorMessage: messageOf(answer) }
  send(response, 200, encoding, Buffer.from(JSON.stringify(answer.rejected === 0 ? {} : { partialSuccess })))
}

/** gRPC codes by HTTP status, for the google.rpc.Status that every error body must be. */
export const grpcCodes: Readonly<Record<number, number>> = {
  400: 3,
  401: 16,
  403: 7,
  404: 5,
  405: 12,
  413: 8,
  415: 3,
  429: 8,
  500: 13,
  503: 14,
}

/** 4xx or 5xx with a google.rpc.Status; retryable ones carry Retry-After. */
export function answerError(response: ServerResponse, encoding: OtlpEncoding, error: CollectorError): void {
  const code = grpcCodes[error.status] ?? 2
  if (error.retryAfterSeconds !== undefined) response.setHeader('retry-after', String(error.retryAfterSeconds))
  const message = error.message.slice(0, maxMessageBytes)
  const body =
    encoding === 'json' ? Buffer.from(JSON.stringify({ code, message })) : new WireWriter(256).uint(1, code).string(2, message).finish()
  send(response, error.status, encoding, body)
}

function messageOf({ reasons }: OtlpAnswer): string {
  return reasons.join('; ').slice(0, maxMessageBytes)
}

function send(response: ServerResponse, status: number, encoding: OtlpEncoding, body: Buffer): void {
  response.writeHead(status, { 'content-type': contentTypes[encoding], 'content-length': body.length })
  response.end(body)
}
