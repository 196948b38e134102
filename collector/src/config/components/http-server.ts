/** The keys that every HTTP server of the collector shares, named as in the OpenTelemetry Collector's confighttp. */
import { z } from 'zod'
import { seconds, section } from '../schema.ts'

export const cors = section({
  allowed_origins: z.array(z.string()).default([]).describe('Origins that browsers may call from; `*` stands for any text. Empty: none.'),
  allowed_headers: z
    .array(z.string())
    .default([])
    .describe('Request headers to allow besides those that OTLP and `/track` need. `*` allows any.'),
  max_age: seconds(7200).describe('Seconds a browser may remember the answer to a preflight request.'),
})

export const tls = section({
  cert_file: z.string().min(1).describe("The server's certificate chain, a PEM file."),
  key_file: z.string().min(1).describe("The certificate's private key, a PEM file."),
})
