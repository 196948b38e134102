/** All intents of the demo. */
import type { Intent } from '../types.ts'
import { accountIntents } from './account.ts'
import { billingIntents } from './billing.ts'
import { dataIntents } from './data.ts'
import { developerIntents } from './developer.ts'
import { generalIntents } from './general.ts'
import { productIntents } from './product.ts'
import { teamIntents } from './team.ts'

export const intents: readonly Intent[] = [
  ...accountIntents,
  ...billingIntents,
  ...developerIntents,
  ...dataIntents,
  ...teamIntents,
  ...productIntents,
  ...generalIntents,
]
