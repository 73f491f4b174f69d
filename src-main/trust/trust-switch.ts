/** Whether an administrator has switched the trusted lists off: nothing is fetched, and no trust is judged. */
export const isSwitchedOff = (env: Readonly<Record<string, string | undefined>>): boolean =>
  env['SPORTELLO_LRA_ELENCHI']?.trim().toLowerCase() === 'off'
