const storageKey = 'postern.region'

/** The region of the last visit, for addresses that name none. */
export function rememberedRegion(): string {
  return localStorage.getItem(storageKey) ?? 'eu-central-1'
}

export function rememberRegion(region: string): void {
  localStorage.setItem(storageKey, region)
}
