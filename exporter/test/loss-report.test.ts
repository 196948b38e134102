import { diag } from '@opentelemetry/api'
import { afterEach, expect, it } from 'vitest'
import { LossReport } from '../src/loss-report.ts'
import { collectDiagLines } from './diag-lines.ts'

afterEach(() => diag.disable())

it('reports the first loss at once and later ones together, at most once a minute', () => {
  const lines = collectDiagLines()
  let nowMs = 0
  const losses = new LossReport('http://key:secret@host:4318/v1/traces', () => nowMs)

  losses.add(200, 'refused')
  for (nowMs = 1000; nowMs < 60_000; nowMs += 1000) losses.add(200, 'refused')
  losses.add(1, 'HTTP 401')

  expect(lines).toEqual([
    'Turret: 200 events for http://host:4318 were lost: refused',
    'Turret: 11801 events for http://host:4318 were lost: HTTP 401',
  ])
})

it('says nothing when nothing was lost, and the rest at the end', () => {
  const lines = collectDiagLines()
  const losses = new LossReport('http://host/v1/traces', () => 0)

  losses.tell()
  losses.add(1, 'refused')
  losses.add(2, 'refused')
  losses.tellIfDue()
  losses.tell()

  expect(lines).toEqual(['Turret: 1 events for http://host were lost: refused', 'Turret: 2 events for http://host were lost: refused'])
})
