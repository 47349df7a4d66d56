import type { Migration } from 'kysely'
import { identity } from './001-identity.ts'
import { resources } from './002-resources.ts'
import { changes } from './003-changes.ts'
import { resourceGroups } from './004-resource-groups.ts'
import { serverGroups } from './005-server-groups.ts'
import { ram } from './006-ram.ts'
import { frontDoor } from './007-front-door.ts'
import { balancers } from './008-balancers.ts'
import { privatelink } from './009-privatelink.ts'
import { networks } from './010-networks.ts'
import { routes } from './011-routes.ts'
import { instances } from './012-instances.ts'
import { balancing } from './013-balancing.ts'
import { logins } from './014-logins.ts'
import { listOrder } from './015-list-order.ts'
import { consoleSessions } from './016-console.ts'
import { metrics } from './017-metrics.ts'
import { http } from './021-http.ts'
import { certificates } from './023-certificates.ts'
import { cutEvents } from './024-cut-events.ts'
import { rules } from './026-rules.ts'
import { limits } from './027-limits.ts'
import { instanceLife } from './028-instance-life.ts'
import { cutNames } from './029-cut-names.ts'
import { rangesAndLimits } from './031-ranges-and-limits.ts'
import { instanceChanges } from './033-instance-changes.ts'
import { accountAlias } from './034-account-alias.ts'

/** Every migration, applied in the order of the names. A migration that was released is never changed. */
export const migrations: Readonly<Record<string, Migration>> = {
  '001-identity': identity,
  '002-resources': resources,
  '003-changes': changes,
  '004-resource-groups': resourceGroups,
  '005-server-groups': serverGroups,
  '006-ram': ram,
  '007-front-door': frontDoor,
  '008-balancers': balancers,
  '009-privatelink': privatelink,
  '010-networks': networks,
  '011-routes': routes,
  '012-instances': instances,
  '013-balancing': balancing,
  '014-logins': logins,
  '015-list-order': listOrder,
  '016-console': consoleSessions,
  '017-metrics': metrics,
  '021-http': http,
  '023-certificates': certificates,
  '024-cut-events': cutEvents,
  '026-rules': rules,
  '027-limits': limits,
  '028-instance-life': instanceLife,
  '029-cut-names': cutNames,
  '031-ranges-and-limits': rangesAndLimits,
  '033-instance-changes': instanceChanges,
  '034-account-alias': accountAlias,
}
