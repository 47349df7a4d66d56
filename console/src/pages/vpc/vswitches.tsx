import { useText } from '../../i18n/language.tsx'
import { Page } from '../../ui/page.tsx'
import { CreateVSwitch } from './create-vswitch.tsx'
import { VSwitchTable } from './vswitch-table.tsx'

export function Component() {
  const t = useText()
  return (
    <Page title={t.nav.vswitches} about={t.vpc.vswitchAbout} actions={<CreateVSwitch />}>
      <VSwitchTable />
    </Page>
  )
}
