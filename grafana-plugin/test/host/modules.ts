/** A small AMD loader that hands the built plugin the modules a Grafana shares with its plugins. */
import * as emotionCss from '@emotion/css'
import * as data from '@grafana/data'
import * as runtime from '@grafana/runtime'
import * as ui from '@grafana/ui'
import i18next from 'i18next'
import * as react from 'react'
import * as reactDom from 'react-dom'
import * as jsxRuntime from 'react/jsx-runtime'
import * as router from 'react-router-dom-v5-compat'
import * as rxjs from 'rxjs'

type Module = Record<string, unknown>
type Factory = (...dependencies: unknown[]) => Module

const shared: Record<string, unknown> = {
  '@emotion/css': emotionCss,
  '@grafana/data': data,
  '@grafana/runtime': runtime,
  '@grafana/ui': ui,
  i18next,
  react,
  'react-dom': reactDom,
  'react-router': router,
  'react/jsx-runtime': jsxRuntime,
  rxjs,
}

let loading: Promise<unknown> = Promise.resolve()

/**
 * Loads an AMD module by its URL; one after the other, since `define` is global.
 * @throws Error naming every module that it wants and the host does not share
 */
export function loadModule(url: string): Promise<Module> {
  const module = loading.then(() => evaluate(url))
  loading = module.catch(() => undefined)
  return module
}

async function evaluate(url: string): Promise<Module> {
  const source = await (await fetch(url)).text()
  let result: Module | undefined
  const define = (...parts: unknown[]) => {
    const [dependencies, factory] = parts.slice(-2) as [string[], Factory]
    const missing = dependencies.filter((name) => name !== 'module' && !(name in shared))
    if (missing.length > 0) {
      throw new Error(`${url} wants modules that Grafana does not share: ${missing.join(', ')}`)
    }
    result = factory(...dependencies.map((name) => (name === 'module' ? { uri: url } : shared[name])))
  }
  Object.assign(define, { amd: {} })
  // A script element, as Grafana's loader makes one: it runs under the page's content security policy.
  Object.assign(window, { define })
  await new Promise<void>((resolve, reject) => {
    const script = document.createElement('script')
    script.src = URL.createObjectURL(new Blob([`${source}\n//# sourceURL=${url}`], { type: 'text/javascript' }))
    script.addEventListener('load', () => resolve())
    script.addEventListener('error', () => reject(new Error(`${url} does not run`)))
    document.head.append(script)
  })
  Reflect.deleteProperty(window, 'define')
  if (result === undefined) {
    throw new Error(`${url} defines no module`)
  }
  return result
}
