import { Card } from 'antd'
import type { ReactNode } from 'react'

interface Props {
  readonly title?: string
  readonly facts: readonly (readonly [string, ReactNode])[]
}

/** The basic information of a resource: label and value, in pairs. */
export function Facts({ title, facts }: Props) {
  return (
    <Card size="small" style={{ marginBottom: 16 }} {...(title === undefined ? {} : { title })}>
      <dl className="facts">
        {facts.map(([label, value]) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>{value === '' ? '-' : value}</dd>
          </div>
        ))}
      </dl>
    </Card>
  )
}
