import { Button } from 'antd'
import { useNavigate } from 'react-router'
import { useText } from '../../i18n/language.tsx'
import { usePaths } from '../../paths.ts'
import { Page } from '../../ui/page.tsx'
import { InstanceTable } from './instance-table.tsx'

export function Component() {
  const t = useText()
  const paths = usePaths()
  const navigate = useNavigate()
  const create = (
    <Button type="primary" onClick={() => void navigate(paths.createInstance)}>
      {t.instance.create}
    </Button>
  )
  return (
    <Page title={t.nav.instances} about={t.instance.about} actions={create}>
      <InstanceTable />
    </Page>
  )
}
