/** Words that say nothing about a topic. English alone: in other languages it is their use in every topic that gives such words away. */

const list = (words: string): ReadonlySet<string> => new Set(words.split(/\s+/u).filter((word) => word !== ''))

/** Function words: grammar without a subject. */
const functionWords = list(`
  a an the this that these those here there
  i me my mine myself we us our ours ourselves you your yours yourself he him his she her hers it its itself they them their theirs
  who whom whose which what when where why how
  and or but nor so yet if then else than because while although though unless until
  of to in on at by for from with without within into onto over under above below between through during before after about against
  across around along among as per via off out up down upon toward towards
  is are was were be been being am isnt arent wasnt werent
  do does did doing done dont doesnt didnt have has had having havent hasnt hadnt
  can could cant couldnt cannot will would wont wouldnt shall should shouldnt may might must mustnt
  not no too very just only also even still already again ever never always often sometimes soon now later maybe perhaps
  any some all both each every either neither few many much more most less least other others another such same own one ones
  im ive id ill youre youve youd youll hes shes theyre theyve thats theres whats wheres hows whos lets weve wed
  something anything nothing everything someone anyone everyone nobody somebody somewhere anywhere
  etc vs ie eg s t re ve ll d m
`)

/** Filler of people who ask an assistant: polite forms, wishes and empty verbs. */
const fillerWords = list(`
  please pls plz thanks thank thankyou thx hello hey hi ok okay yes yeah yep sorry
  want wants wanted wanna need needs needed would like help helps helping tell tells let know knows knew give gave gives show shows
  say says said ask asked asking explain get gets got getting gotten gonna going go goes went make makes made take takes
  try tries tried trying think thought see look looks looking seem seems keep keeps use used using
  able possible way ways thing things stuff lot lots bit kind sort really actually basically quite rather pretty
  good well right sure currently
  come comes came put puts figure happen happened happening happens
  monday tuesday wednesday thursday friday saturday sunday january february march april june july august september october november december
  today tonight tomorrow yesterday morning afternoon evening am pm
  three four five six seven eight nine ten twenty thirty forty fifty hundred thousand
`)

/** Words that close a verb: "top up", "sign out", "cash back"; "in" only after some. */
export const particles: readonly string[] = ['up', 'out', 'off', 'back', 'down', 'in']
const verbsWithIn = list('log logged logging sign signed signing check checked checking opt')

/** Words that turn a phrase into its opposite: "card is not working". */
const negationWords = list(`
  not no never cannot cant dont doesnt didnt wont isnt arent wasnt werent hasnt havent hadnt couldnt wouldnt shouldnt without
`)

/** Prepositions that a phrase keeps when they stand inside it: "pay with card". */
const prepositionWords = list('of to in on at by for from with into out up off over per via')

/** Abbreviations whose capitals people do not type. */
const acronymWords = list(`
  ai api apis apr atm atms cli cpu csv dns faq gdpr gif gps gpu html http https iban id ids ios ip jpg json jwt llm mfa mpg oauth otp pdf pin pins png pto qr
  rest saas saml sdk sla sms smtp sql sso ssl tls ui uri url urls usa usb usd ux vat vip vpn xml yaml
`)

/** @param word lower case, without apostrophes */
export function isFunctionWord(word: string): boolean {
  return functionWords.has(word)
}

/** @param word lower case, without apostrophes */
export function isFillerWord(word: string): boolean {
  return fillerWords.has(word)
}

/** Does `word` close the verb before it? Both lower case. */
export function isParticle(word: string, verb: string): boolean {
  return particles.includes(word) && (word !== 'in' || verbsWithIn.has(verb))
}

/** @param word lower case, without apostrophes */
export function isNegation(word: string): boolean {
  return negationWords.has(word)
}

/** @param word lower case */
export function isPreposition(word: string): boolean {
  return prepositionWords.has(word)
}

/** @param word lower case */
export function isAcronym(word: string): boolean {
  return acronymWords.has(word)
}
