/** Dates, numbers and units as people of the language write them. */
import { useLanguage } from './language.tsx'

export interface Formats {
  readonly time: (iso: string | number | undefined) => string
  readonly number: (value: number) => string
  /** Bits a second with a decimal prefix, as bandwidth is sold. */
  readonly bitRate: (bitsPerSecond: number) => string
}

export function useFormats(): Formats {
  const { language } = useLanguage()
  const locale = language === 'zh' ? 'zh-CN' : 'en-GB'
  const times = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'medium' })
  const numbers = new Intl.NumberFormat(locale, { maximumFractionDigits: 1 })
  return {
    time: (value) => (value === undefined || value === '' ? '-' : times.format(new Date(value))),
    number: (value) => numbers.format(value),
    bitRate: (value) => {
      const units = ['bit/s', 'kbit/s', 'Mbit/s', 'Gbit/s']
      const step = value < 1 ? 0 : Math.min(3, Math.floor(Math.log10(value) / 3))
      return `${numbers.format(value / 1000 ** step)} ${units[step] ?? ''}`
    },
  }
}
