/** What the status of an instance lets one do: the server's rules, told before the click. */
import type { Messages } from '../../i18n/en.ts'

export type InstanceAction = 'start' | 'stop' | 'reboot' | 'delete' | 'shell'

const wanted: Readonly<Record<InstanceAction, readonly string[]>> = {
  start: ['Stopped'],
  stop: ['Running'],
  reboot: ['Running'],
  delete: ['Stopped', 'Running'],
  shell: ['Running'],
}

/** Why it cannot be done now; undefined when it can. */
export function instanceBar(action: InstanceAction, status: string, t: Messages): string | undefined {
  if (wanted[action].includes(status)) return undefined
  const words: Readonly<Record<string, string>> = t.states
  const names = wanted[action].map((state) => words[state.toLowerCase()] ?? state)
  return t.instance.onlyWhen(names.join(' / '))
}
