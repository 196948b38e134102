/** A month's money for a language model. */

/** US dollars for a million tokens. */
export interface ModelPricing {
  readonly inputUsdPerMillion: number
  readonly outputUsdPerMillion: number
}

/** What a calendar month has cost so far. */
export interface Spending {
  /** UTC, as 2026-11. */
  readonly month: string
  readonly usd: number
  readonly calls: number
}

export interface Tokens {
  readonly input: number
  readonly output: number
}

const charactersPerToken = 2 // a cautious guess, also for scripts that need more tokens than English (4)

/** Tokens of a text, rather too many than too few. */
export function estimateTokens(text: string): number {
  return Math.ceil(text.length / charactersPerToken)
}

/** Counts what was spent and says whether the next call fits; the calendar month is UTC. */
export class MonthlyBudget {
  readonly #limitUsd: number
  readonly #pricing: ModelPricing
  readonly #now: () => Date
  #spending: Spending

  /** @param before what earlier processes spent; another month's is forgotten */
  constructor({
    limitUsd,
    pricing,
    now,
    before,
  }: {
    limitUsd: number
    pricing: ModelPricing
    now: () => Date
    before?: Spending | undefined
  }) {
    this.#limitUsd = limitUsd
    this.#pricing = pricing
    this.#now = now
    this.#spending = before ?? { month: '', usd: 0, calls: 0 }
  }

  get spending(): Spending {
    const month = this.#now().toISOString().slice(0, 7)
    return this.#spending.month === month ? this.#spending : { month, usd: 0, calls: 0 }
  }

  /** Does a call of so many tokens stay within the month's money? */
  allows(tokens: Tokens): boolean {
    return this.spending.usd + this.#costOf(tokens) <= this.#limitUsd
  }

  /** Books one call. */
  book(tokens: Tokens): void {
    const { month, usd, calls } = this.spending
    this.#spending = { month, usd: usd + this.#costOf(tokens), calls: calls + 1 }
  }

  #costOf({ input, output }: Tokens): number {
    return (input * this.#pricing.inputUsdPerMillion + output * this.#pricing.outputUsdPerMillion) / 1e6
  }
}
