/** A status as colour and shape, so that it is told without colour too, in the words of the public console. */
import { useText } from '../i18n/language.tsx'

export type Tone = 'good' | 'wait' | 'bad' | 'plain'

const good = [
  'active',
  'available',
  'connected',
  'running',
  'normal',
  'inuse',
  'ok',
  'associated',
  'attached',
  'enabled',
  'on',
  'yes',
]
const bad = ['abnormal', 'unhealthy', 'servicedeleted', 'locked', 'failed', 'expired']
const plain = ['stopped', 'inactive', 'disconnected', 'off', 'no', 'migrated', 'unavailable', 'disabled']

export function toneOf(status: string): Tone {
  const word = status.toLowerCase().replaceAll('_', '')
  if (good.includes(word)) return 'good'
  if (bad.includes(word)) return 'bad'
  return plain.includes(word) ? 'plain' : 'wait'
}

const shapes: Readonly<Record<Tone, string>> = { good: '●', wait: '◐', bad: '▲', plain: '○' }

export function State({ value }: { readonly value: string | undefined }) {
  const t = useText()
  if (!value) return <>-</>
  const tone = toneOf(value)
  const words: Readonly<Record<string, string>> = t.states
  return (
    <span className={`state-${tone}`} data-state={value}>
      <span aria-hidden="true">{shapes[tone]} </span>
      {words[value.toLowerCase()] ?? value}
    </span>
  )
}
