/** An id given here until the provider gives its own. */
export function isLocalId(id: string): boolean {
  return id.startsWith('local:')
}
