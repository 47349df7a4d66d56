import type { HttpSettings } from '../../model/world.ts'

/** A key without a value is not in the text. */
export function httpSettingsOf(text: string): HttpSettings {
  const stored: Partial<HttpSettings> &
    Omit<HttpSettings, 'sticky' | 'redirectPort' | 'redirectCode' | 'tls'> = JSON.parse(text)
  return { sticky: undefined, redirectPort: undefined, redirectCode: 301, tls: undefined, ...stored }
}
