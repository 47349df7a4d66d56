import type { Messages } from '../../i18n/en.ts'

/** The API says `slb` of what the console calls a CLB. */
export function resourceTypeName(type: string, { service }: Messages): string {
  return type === 'nlb' ? service.nlb : service.clb
}
