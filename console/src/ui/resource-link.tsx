import { Link } from 'react-router'

interface Props {
  readonly to: string
  readonly id: string
  readonly name?: string | undefined
}

/** An id that leads to its page, with the name that people know it by. */
export function ResourceLink({ to, id, name }: Props) {
  return (
    <div style={{ lineHeight: 1.35 }}>
      <Link to={to} className="mono">
        {id}
      </Link>
      {name && <div>{name}</div>}
    </div>
  )
}
