/** Conditional requests (RFC 9110 13): entity tags are versions in quotes, and all of them strong. */

/** The versions that the client believes current: one of them has to be. Undefined where it does not mind. */
export type IfMatch = readonly number[] | undefined

const entityTag = /\s*((?:W\/)?"[\x21\x23-\x7e\x80-\uffff]*")\s*(?:,|$)/y

/** The tags of a list, `"1", W/"2"`; undefined where it is none. Empty elements are ignored (RFC 9110 5.6.1). */
const tagsOf = (header: string): string[] | undefined => {
  const text = header.slice(0, 2_000).replace(/^[\s,]+|[\s,]+$/g, '')
  const tags: string[] = []
  entityTag.lastIndex = 0
  while (entityTag.lastIndex < text.length) {
    const tag = entityTag.exec(text)?.[1]
    if (tag === undefined) return undefined
    tags.push(tag)
    while (/[\s,]/.test(text.charAt(entityTag.lastIndex))) entityTag.lastIndex += 1
  }
  return tags
}

/**
 * `If-Match` compares strongly (RFC 9110 13.1.1): a weak tag matches nothing, nor does what is no tag of ours. `*` matches
 * whatever there is; where there is nothing, an endpoint answers 404 anyway.
 */
export const ifMatchOf = (header: string | undefined): IfMatch => {
  if (header === undefined || header.trim() === '*') return undefined
  return (tagsOf(header) ?? []).flatMap((tag) => {
    const version = /^"(\d{1,15})"$/.exec(tag)?.[1]
    return version === undefined ? [] : [Number(version)]
  })
}

const opaque = (tag: string): string => tag.replace(/^W\//, '')

/** True when the client has what it asks for: `If-None-Match` compares weakly (RFC 9110 13.1.2). @param etag with quotes */
export const isKnown = (header: string | undefined, etag: string): boolean => {
  if (header === undefined) return false
  if (header.trim() === '*') return true
  return (tagsOf(header) ?? []).some((tag) => opaque(tag) === opaque(etag))
}

/** True when the client's `If-Match` names other versions than the current one. */
export const isStale = (ifMatch: IfMatch, version: number): boolean =>
  ifMatch !== undefined && !ifMatch.includes(version)
