/** Words that a label may use although the topic's people do not: they name kinds of requests and say nothing of anyone. */
import { isFillerWord, isFunctionWord } from './stop-words.ts'
import { toTerm } from './words.ts'

const words = `
  ability access account action activation activity adding address adjustment advice agreement alternative amount analysis answer app application
  approval article assistance authentication authorization availability balance basic behavior benefit billing book booking bug button buying
  calculation cancel cancellation capability case category change changing charge chat check checking choice claim code comparison compatibility
  complaint concern condition configuration confirmation confirming connection connectivity content contract conversation conversion cost creating
  creation credential currency customer customization data date deactivation debugging decline declined default delay delayed deletion deleting
  delivery deployment description design detail device difference digital discount discussion dispute document documentation download duration
  editing education eligibility email enabling enquiry entertainment error estimate event example exchange expected expense expiration
  explanation export external failed failing failure family fault feature fee feedback file financial finding finance fixing food form format
  function functionality general generation getting greeting group guidance handling health history home idea identification identity import
  improvement inability inclusion incorrect information inquiry installation instruction insurance integration interest internal international
  invoice issue item job joke knowledge language learning level limit limitation link list loading local location login loss lost
  maintenance making management managing manual meaning measure media medical meeting membership message method missing mistake mobile mode
  money monitoring music name navigation network note notification number offer office online opening operation opinion option order ordering
  organization outage overview ownership package page password payment pending people performance permission person personal phone photo place
  plan planning platform playback policy possibility preference price pricing privacy problem procedure process processing product profile
  program programming progress project purchase purchasing purpose quality question rate reason receipt receiving recent recipe recognition
  recommendation recovery reference refund registration rejected rejection related reminder removal renewal rental repair replacement report
  reporting request requesting requirement research reservation reset resetting resolution resource response restriction result return
  review reward risk role rule safety schedule scheduling school score search searching security selection sending service session setting
  setup sharing shipping shopping sign slow small social software solution source specification speed spending statement status storage
  story student subscription suggestion summary support switch sync synchronization system table task tax team technical template term test
  testing text ticket time timing tool topic tracking trading traffic training transaction transfer translation travel trip trouble
  troubleshooting trying tutorial type unable unauthorized understanding unexpected unknown unsuccessful update updating upgrade usage use user
  validation value verification verify version video view visit voice waiting weather web website weekly withdrawal word work workflow working
  workspace writing wrong
`

const terms: ReadonlySet<string> = new Set(
  words
    .split(/\s+/u)
    .filter((word) => word !== '')
    .map(toTerm),
)

/** @param word as written, in any case */
export function isGeneric(word: string): boolean {
  const lower = word.toLowerCase()
  return isFunctionWord(lower) || isFillerWord(lower) || terms.has(toTerm(lower))
}
