import { Card, Descriptions } from 'antd'
import type { ReactNode } from 'react'

/** The basic information of a resource: label and value, in pairs. */
export function Facts({ title, facts }: { readonly title?: string; readonly facts: readonly (readonly [string, ReactNode])[] }) {
  return (
    <Card size="small" style={{ marginBottom: 16 }}>
      <Descriptions
        size="small"
        title={title}
        column={{ xs: 1, sm: 1, md: 2, xl: 3 }}
        items={facts.map(([label, children]) => ({ key: label, label, children: children === '' ? '-' : children }))}
      />
    </Card>
  )
}
