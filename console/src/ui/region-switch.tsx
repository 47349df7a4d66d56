import { Select } from 'antd'
import { useLocation, useNavigate } from 'react-router'
import { useApi } from '../api/context.ts'
import { useRegions } from '../api/lists.ts'
import { useText } from '../i18n/language.tsx'

/** Leads to the same list in another region: what is below the list exists in one region only. */
export function RegionSwitch() {
  const t = useText()
  const { region } = useApi()
  const regions = useRegions()
  const navigate = useNavigate()
  const [, , list = ''] = useLocation().pathname.split('/')
  const known = regions.data ?? []
  const options = known.map(({ RegionId, LocalName }) => ({
    value: RegionId,
    label: `${LocalName} (${RegionId})`,
  }))
  return (
    <Select
      aria-label={t.frame.region}
      value={region}
      options={options.length > 0 ? options : [{ value: region, label: region }]}
      onChange={(chosen) => void navigate(`/${chosen}/${list}`)}
      popupMatchSelectWidth={false}
      style={{ minWidth: 150 }}
    />
  )
}
