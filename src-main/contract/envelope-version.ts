/** In a module of its own: the page asks its first questions before it has read how envelopes are checked. */
export const ENVELOPE_VERSION = 1
