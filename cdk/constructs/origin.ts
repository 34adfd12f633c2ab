/** Whether it is an origin of pages as browsers send it (RFC 6454): scheme, host, and a port where it is not the scheme's own. */
export const isOrigin = (value: string): boolean =>
  /^https?:\/\/[^*]+$/.test(value) && URL.canParse(value) && new URL(value).origin === value
