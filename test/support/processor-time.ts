/**
 * Milliseconds of the processor that this process has had so far: what is measured by their difference does not grow with
 * what else the machine does.
 */
export function processorMs(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}
