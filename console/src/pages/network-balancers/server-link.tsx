import type { NlbServer } from '../../api/lists.ts'
import { usePaths } from '../../paths.ts'
import { ResourceLink } from '../../ui/resource-link.tsx'

/** Instances have a page; interfaces and addresses have none. */
export function ServerLink({ server }: { readonly server: NlbServer }) {
  const paths = usePaths()
  const { ServerId, ServerType } = server
  if (ServerType === 'Ecs') return <ResourceLink to={paths.instance(ServerId)} id={ServerId} />
  return <span className="mono">{ServerId}</span>
}
