/** Moves resources, of whatever products, to another resource group in one call. */
import { Form, Select } from 'antd'
import { callOf, type ParamsOf, type ResultOf } from '../api/call.ts'
import { useApi } from '../api/context.ts'
import { useResourceGroups } from '../api/lists.ts'
import { useText } from '../i18n/language.tsx'
import { useRequired } from './fields.tsx'
import { FormButton } from './form-button.tsx'

export type Movable = ParamsOf<'ResourceManager', 'MoveResources'>['Resources'][number]

/** ResourceManager, MoveResources: at most ten in one call. */
const mostAtOnce = 10

interface Props {
  readonly resources: readonly Movable[]
  readonly label?: string
  readonly onDone?: () => void
}

export function MoveResources({ resources, label, onDone }: Props) {
  const t = useText()
  const required = useRequired()
  const groups = useResourceGroups()
  const options = (groups.data ?? []).map(({ Id, DisplayName }) => ({
    value: Id,
    label: `${DisplayName} · ${Id}`,
  }))
  const bar = () => {
    if (resources.length === 0) return t.groups.chooseFirst
    return resources.length > mostAtOnce ? t.groups.tooMany(mostAtOnce) : undefined
  }
  const notMoved = ({ Responses }: ResultOf<'ResourceManager', 'MoveResources'>) => {
    const refused = Responses.filter(({ Status }) => Status !== '200').map(({ ResourceId }) => ResourceId)
    return refused.length > 0 ? t.groups.notMoved(refused.join(', ')) : undefined
  }
  return (
    <FormButton<{ readonly group: string }, ResultOf<'ResourceManager', 'MoveResources'>>
      label={label ?? t.groups.move}
      title={t.groups.move}
      reason={bar()}
      initial={{}}
      call={({ group }) =>
        callOf('ResourceManager', 'MoveResources', { ResourceGroupId: group, Resources: resources })
      }
      failed={notMoved}
      {...(onDone ? { onDone } : {})}
    >
      <Form.Item label={t.groups.resources}>
        <ul className="mono" style={{ margin: 0, paddingInlineStart: 18 }}>
          {resources.map(({ ResourceId }) => (
            <li key={ResourceId}>{ResourceId}</li>
          ))}
        </ul>
      </Form.Item>
      <Form.Item name="group" label={t.groups.target} extra={t.groups.moveHint} rules={[required]}>
        <Select showSearch={{ optionFilterProp: 'label' }} options={options} />
      </Form.Item>
    </FormButton>
  )
}

interface OneProps {
  /** As ResourceManager names products and their resources: `vpc`, `instance`. */
  readonly service: string
  readonly type: string
  readonly id: string
}

/** On the page of one resource, in the region of the page. */
export function MoveResource({ service, type, id }: OneProps) {
  const { region } = useApi()
  const resource = { ResourceId: id, ResourceType: type, Service: service, RegionId: region }
  return <MoveResources resources={[resource]} />
}
