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

/** A call of the model that was paid for. */
export interface PaidCall {
  readonly at: Date
  readonly tokens: Tokens
  readonly usd: number
}

/** Where calls are written down, so that what was spent outlives the process. */
export interface Ledger {
  /** What all processes have spent in a month. @param month UTC, as 2026-11 */
  spentIn(month: string): Promise<Omit<Spending, 'month'>>
  write(call: PaidCall): Promise<void>
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
  readonly #ledger: Ledger | undefined
  #spending: Spending = { month: '', usd: 0, calls: 0 }

  /** @param ledger without one, spending is forgotten with the process */
  constructor({
    limitUsd,
    pricing,
    now,
    ledger,
  }: {
    limitUsd: number
    pricing: ModelPricing
    now: () => Date
    ledger?: Ledger | undefined
  }) {
    this.#limitUsd = limitUsd
    this.#pricing = pricing
    this.#now = now
    this.#ledger = ledger
  }

  get spending(): Spending {
    const month = this.#now().toISOString().slice(0, 7)
    return this.#spending.month === month ? this.#spending : { month, usd: 0, calls: 0 }
  }

  /** Learns what others and earlier processes have spent. @throws when the ledger cannot be read */
  async refresh(): Promise<void> {
    const { month, usd, calls } = this.spending
    const written = await this.#ledger?.spentIn(month)
    // What this process could not write down still counts.
    if (written !== undefined) this.#spending = { month, usd: Math.max(usd, written.usd), calls: Math.max(calls, written.calls) }
  }

  /** Does a call of so many tokens stay within the month's money? */
  allows(tokens: Tokens): boolean {
    return this.spending.usd + this.#costOf(tokens) <= this.#limitUsd
  }

  /** Books one call. @throws when it counts but could not be written down */
  async book(tokens: Tokens): Promise<void> {
    const { month, usd, calls } = this.spending
    const cost = this.#costOf(tokens)
    this.#spending = { month, usd: usd + cost, calls: calls + 1 }
    await this.#ledger?.write({ at: this.#now(), tokens, usd: cost })
  }

  #costOf({ input, output }: Tokens): number {
    return (input * this.#pricing.inputUsdPerMillion + output * this.#pricing.outputUsdPerMillion) / 1e6
  }
}
