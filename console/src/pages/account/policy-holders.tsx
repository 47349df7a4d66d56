import { callOf, type ResultOf } from '../../api/call.ts'
import { useList } from '../../api/queries.ts'
import { useFormats } from '../../i18n/format.ts'
import { useText } from '../../i18n/language.tsx'
import { usePaths } from '../../paths.ts'
import { ResourceLink } from '../../ui/resource-link.tsx'
import { ResourceTable } from '../../ui/resource-table.tsx'

type Policy = ResultOf<'Ram', 'GetPolicy'>['Policy']

interface Holder {
  readonly kind: 'User' | 'Group' | 'Role'
  readonly name: string
  readonly since: string
}

function holdersIn({ Users, Groups, Roles }: ResultOf<'Ram', 'ListEntitiesForPolicy'>): Holder[] {
  return [
    ...Users.User.map((one): Holder => ({ kind: 'User', name: one.UserName, since: one.AttachDate })),
    ...Groups.Group.map((one): Holder => ({ kind: 'Group', name: one.GroupName, since: one.AttachDate })),
    ...Roles.Role.map((one): Holder => ({ kind: 'Role', name: one.RoleName, since: one.AttachDate })),
  ]
}

/** The users, groups and roles that a policy is attached to. */
export function PolicyHolders({ policy }: { readonly policy: Policy }) {
  const t = useText()
  const paths = usePaths()
  const formats = useFormats()
  const { PolicyName, PolicyType } = policy
  const call = callOf('Ram', 'ListEntitiesForPolicy', { PolicyName, PolicyType })
  const pathOf = { User: paths.user, Group: paths.ramGroup, Role: paths.role }
  return (
    <ResourceTable<Holder>
      query={useList(call, holdersIn)}
      label={t.ram.attachments}
      empty={t.ram.noAttachments}
      rowKey={({ kind, name }) => `${kind} ${name}`}
      searchIn={({ name }) => [name]}
      columns={[
        {
          title: t.common.name,
          render: (_, { kind, name }) => <ResourceLink to={pathOf[kind](name)} id={name} />,
        },
        { title: t.common.type, render: (_, { kind }) => t.ram.entityKinds[kind] },
        { title: t.users.attached, render: (_, { since }) => formats.time(since) },
      ]}
    />
  )
}
