/**
 * Which rule of an HTTP listener a request meets (CLB user guide, forwarding rules): the domain first, one that is named
 * before wildcards, longer wildcards before shorter ones; of that domain's rules the one with the longest path. A domain's
 * rule without a path takes the rest; without one, the rest is answered with 404. Rules without a domain are for requests
 * that no domain fits. What meets none goes to the listener's own servers.
 */
interface Matching {
  readonly domain: string
  readonly path: string
}

/** In the order in which they are tried: the first that fits is the one. */
export function inOrderOfMatching<Rule extends Matching>(rules: readonly Rule[]): readonly Rule[] {
  return rules.toSorted(
    (a, b) =>
      rankOfDomain(b.domain) - rankOfDomain(a.domain) ||
      compare(a.domain, b.domain) ||
      b.path.length - a.path.length ||
      compare(a.path, b.path),
  )
}

function compare(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1
}

function rankOfDomain(domain: string): number {
  if (domain === '') return 0
  return isWildcard(domain) ? domain.length : Number.MAX_SAFE_INTEGER
}

export function isWildcard(domain: string): boolean {
  return domain.startsWith('*.')
}

/** `host` without a port, in lower case. */
export function fitsDomain(domain: string, host: string): boolean {
  return domain === '' || domain === host || (isWildcard(domain) && host.endsWith(domain.slice(1)))
}

/** The rule, `nothing` where a domain has rules for other paths only, or undefined for the listener's own servers. */
export function ruleFor<Rule extends Matching>(
  rules: readonly Rule[],
  host: string,
  path: string,
): Rule | 'nothing' | undefined {
  const ordered = inOrderOfMatching(rules)
  const domain = ordered.find((rule) => fitsDomain(rule.domain, host))?.domain
  if (domain === undefined) return undefined
  const fitting = ordered.find((rule) => rule.domain === domain && path.startsWith(rule.path))
  return fitting ?? (domain === '' ? undefined : 'nothing')
}
