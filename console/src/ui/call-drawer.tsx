import { Drawer } from 'antd'
import type { Call } from '../api/call.ts'
import { useText } from '../i18n/language.tsx'
import { CallText } from './call-text.tsx'

interface Props {
  readonly calls: readonly Call[] | undefined
  readonly onClose: () => void
}

export function CallDrawer({ calls, onClose }: Props) {
  const t = useText()
  return (
    <Drawer title={t.page.calls} open={calls !== undefined} onClose={onClose} size="large">
      <p>{t.page.callsHint}</p>
      {calls?.map((call) => (
        <CallText key={JSON.stringify(call)} call={call} />
      ))}
    </Drawer>
  )
}
