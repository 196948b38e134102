/** Starts OTLP/gRPC beside HTTP, which is the port that everything needs. */
import { GrpcServer, type GrpcServerOptions } from './grpc-server.ts'

/**
 * An address in use does not keep the collector from its work: a Collector may run on 4317 already.
 * @returns undefined when the address is taken; the log says so
 */
export async function startGrpc(options: GrpcServerOptions): Promise<{ server: GrpcServer; port: number } | undefined> {
  const server = new GrpcServer(options)
  try {
    return { server, port: await server.start() }
  } catch (error) {
    if (!/EADDRINUSE|address already in use|No address added/i.test(String(error))) throw error
    const address = `${options.host}:${options.port}`
    options.logger.warn('OTLP/gRPC is off: its address is in use; TURRET_LISTEN_GRPC names another one', { address })
    return undefined
  }
}
