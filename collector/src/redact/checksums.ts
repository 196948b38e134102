/** Tells card and account numbers from other runs of digits by their checksums. */

/**
 * Length of the card number that `text` starts with; 0 if it starts with none. It has 13 to 19 digits, blanks and dashes between
 * them do not matter, and passes the check of ISO/IEC 7812-1 (Luhn).
 */
export function cardLength(text: string): number {
  for (let end = text.length; end >= 13; end--) {
    if (/\d/.test(text[end - 1]!) && passesLuhn(text.slice(0, end).replaceAll(/\D/g, ''))) return end
  }
  return 0
}

function passesLuhn(digits: string): boolean {
  if (digits.length < 13 || digits.length > 19) return false
  let sum = 0
  for (let i = 0; i < digits.length; i++) {
    const digit = Number(digits[digits.length - 1 - i])
    const doubled = digit * 2
    sum += i % 2 === 0 ? digit : doubled > 9 ? doubled - 9 : doubled
  }
  return sum % 10 === 0
}

// Characters of an IBAN by country. Source: SWIFT, IBAN registry (ISO 13616).
const ibanLengths = new Map(
  (
    'AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DK18 DO28 EE20 EG29 ES24 FI18 FO18 FR27 ' +
    'GB22 GE22 GI23 GL18 GR27 GT28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20 LB28 LC32 LI21 LT20 LU20 LV21 LY25 MC27 ' +
    'MD24 ME22 MK19 MR27 MT31 MU30 NL18 NO15 PK24 PL28 PS29 PT25 QA29 RO24 RS22 SA24 SC31 SD18 SE24 SI19 SK24 SM27 ST25 SV28 ' +
    'TL23 TN24 TR26 UA29 VA22 VG24 XK20'
  )
    .split(' ')
    .map((entry) => [entry.slice(0, 2), Number(entry.slice(2))]),
)

/**
 * Length of the IBAN that `text` starts with; 0 if it starts with none. It is as long as its country's are, blanks and dashes left
 * out, and passes the check of ISO 7064 (mod 97).
 */
export function ibanLength(text: string): number {
  const wanted = ibanLengths.get(text.slice(0, 2).toUpperCase()) ?? 0
  let compact = ''
  let end = 0
  while (compact.length < wanted && end < text.length) {
    const character = text[end++]!
    if (character !== ' ' && character !== '-') compact += character
  }
  if (wanted === 0 || compact.length < wanted) return 0
  let remainder = 0
  for (const character of compact.slice(4) + compact.slice(0, 4)) {
    const value = Number.parseInt(character, 36)
    remainder = (remainder * (value > 9 ? 100 : 10) + value) % 97
  }
  return remainder === 1 ? end : 0
}
