/** What axe finds on a page. */
import axe from 'axe-core'
import type { Page } from 'playwright-core'

interface Violation {
  readonly id: string
  readonly impact: string
  readonly nodes: readonly { readonly html: string }[]
}

/**
 * What axe finds serious or critical, in words.
 * @param part selector of what it looks at
 * @param rules all, or only those that another theme can break
 */
export async function findFaults(page: Page, part: string, rules: 'all' | 'colors'): Promise<string[]> {
  if (!(await page.evaluate('"axe" in window'))) {
    await page.evaluate(axe.source)
  }
  const options = {
    resultTypes: ['violations'],
    preload: false,
    ...(rules === 'colors' && { runOnly: ['color-contrast', 'link-in-text-block'] }),
  }
  const { violations } = await page.evaluate<{ violations: Violation[] }>(`axe.run(${JSON.stringify(part)}, ${JSON.stringify(options)})`)
  return violations.flatMap(({ id, impact, nodes }) =>
    ['serious', 'critical'].includes(impact) ? nodes.slice(0, 3).map(({ html }) => `${id}: ${html.slice(0, 160)}`) : [],
  )
}
