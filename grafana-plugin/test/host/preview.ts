/** `npm run preview`: the app's pages on loopback, without a Grafana, against a running collector. */
import { startHost } from './server.ts'

const apiUrl = process.env['TURRET_URL'] ?? 'http://127.0.0.1:4318'
const host = await startHost({ apiUrl, apiKey: process.env['TURRET_API_KEY'] ?? '' }, { port: Number(process.env['PORT'] ?? 3001) })
console.log(`Preview of the plugin without Grafana: ${host.url}/a/turret-topics-app/topics`)
console.log(`It shows the collector at ${apiUrl} (TURRET_URL, TURRET_API_KEY). Stop with Ctrl+C.`)
