import { useText } from '../../i18n/language.tsx'

interface Props {
  readonly servers:
    | readonly {
        readonly ServerId: string
        readonly Port: number
        readonly Weight: number
        /** What it is in its group, where that is more than one of many. */
        readonly note: string | undefined
      }[]
    | undefined
}

/** The servers of a group, one a line. */
export function GroupServers({ servers }: Props) {
  const t = useText()
  if (servers?.length === 0) return t.balancer.noGroupServers
  return servers?.map(({ ServerId, Port, Weight, note }) => (
    <div key={`${ServerId} ${Port}`}>
      <span className="mono">
        {ServerId}:{Port}
      </span>{' '}
      · {note ?? `${t.balancer.weight} ${Weight}`}
    </div>
  ))
}
