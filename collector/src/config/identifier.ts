/** Reads the names of components and pipelines: `type` or `type/name`. */

/** A component's or pipeline's id, taken apart. */
export interface Identifier {
  /** As written, without blanks around the parts: `otlp/internal`. */
  readonly id: string
  readonly type: string
  /** Empty where the id is the type alone. */
  readonly name: string
}

const maxNameLength = 1024 // the Collector's limit

/**
 * Reads an id by the OpenTelemetry Collector's rules.
 * @returns the id, or what is wrong with it in the Collector's words
 * Source: go.opentelemetry.io/collector/component, identifiable.go
 */
export function parseIdentifier(text: string): Identifier | { readonly fault: string } {
  const slash = text.indexOf('/')
  const type = (slash < 0 ? text : text.slice(0, slash)).trim()
  const name = slash < 0 ? '' : text.slice(slash + 1).trim()

  if (type === '' && slash < 0) return { fault: 'id must not be empty' }
  if (type === '') return { fault: `in ${quote(text)} id: the part before / should not be empty` }
  if (slash >= 0 && name === '') return { fault: `in ${quote(text)} id: the part after / should not be empty` }
  if (!/^[A-Za-z][0-9A-Za-z_]{0,62}$/.test(type)) return { fault: `in ${quote(text)} id: invalid character(s) in type ${quote(type)}` }
  if (name.length > maxNameLength) return { fault: `in ${quote(type)} id: name is longer than ${maxNameLength} characters` }
  if (/[\p{Z}\p{C}\p{S}]/u.test(name)) return { fault: `in ${quote(text)} id: invalid character(s) in name ${quote(name)}` }
  return { id: name === '' ? type : `${type}/${name}`, type, name }
}

function quote(text: string): string {
  return JSON.stringify(text)
}
