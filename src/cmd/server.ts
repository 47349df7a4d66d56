/** The server: API, console, state and planner. It holds no privilege; started as root it gives it up first. */
import { randomBytes } from 'node:crypto'
import { flushCompileCache } from 'node:module'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import pino from 'pino'
import { allActions } from '../api/actions/all.ts'
import { createAdmin } from '../api/admin.ts'
import { listenOnSocket } from '../api/admin-socket.ts'
import { createApp, type AppOptions } from '../api/app.ts'
import { createConsole } from '../api/console/app.ts'
import { builtConsole, createBuiltPages } from '../api/console/built-pages.ts'
import { createNewsFeed } from '../api/console/news-feed.ts'
import { answerUpgrades } from '../api/console/shell.ts'
import { createMissingPages } from '../api/console/missing-pages.ts'
import { startListener } from '../api/listener.ts'
import { createMetricsPage, openMetricsToken } from '../api/metrics-page.ts'
import { readRegionFile, shippedRegions } from '../api/region-file.ts'
import { buildTable } from '../api/table.ts'
import { readThrottleFile } from '../api/throttle-file.ts'
import { createThrottle } from '../api/throttle.ts'
import { certificateNames, ensureTls } from '../api/tls.ts'
import { startMonitor } from '../monitor/start-monitor.ts'
import { readWebhookFile } from '../monitor/webhook-file.ts'
import { createPost } from '../monitor/webhook.ts'
import { readCapacityFile } from '../reconcile/capacity-file.ts'
import { startReconciler } from '../reconcile/reconciler.ts'
import { openDatabase } from '../store/database.ts'
import { setDeployment } from '../store/generation.ts'
import { createGroupCommit } from '../store/group-commit.ts'
import { startHousekeeping } from '../store/housekeeping.ts'
import { openSealKey } from '../store/seal.ts'
import { dropPrivilege } from './drop-privilege.ts'
import { readOrEnd } from './read-or-end.ts'
import { untilAskedToEnd } from './signals.ts'

const { values: options } = parseArgs({
  options: {
    state: { type: 'string' },
    listen: { type: 'string' },
    deployment: { type: 'string' },
    uid: { type: 'string' },
    regions: { type: 'string', default: shippedRegions },
  },
})
const { state, listen, deployment } = options
if (!state || !listen || !deployment) throw new Error('--state, --listen and --deployment are required')

const log = pino({ name: 'server', timestamp: pino.stdTimeFunctions.isoTime })
const clock = () => new Date()
const regions = readRegionFile(options.regions)
const pages = createBuiltPages(builtConsole) ?? createMissingPages()
// As long as it may still write there: a warm cache saves 30 MB and half a second at the next start.
flushCompileCache()
if (options.uid !== undefined) dropPrivilege(Number(options.uid))

const { capacity, callable, rates } = readOrEnd(() => ({
  capacity: readCapacityFile(join(state, 'capacity.json')),
  callable: readWebhookFile(join(state, 'webhooks.json')),
  rates: readThrottleFile(join(state, 'throttling.json')),
}))
const db = await openDatabase(join(state, 'postern.db'))
const sealKey = await openSealKey(join(state, 'secret.key'), randomBytes)
await db.transaction().execute((tx) => setDeployment(tx, deployment, regions.domainSuffix))
const commits = createGroupCommit(db)
const monitor = await startMonitor({
  commits,
  present: () => (reconciler.status().agentConnected ? reconciler.observed() : undefined),
  clock,
  post: createPost(callable),
  log,
})
const reconciler = await startReconciler(
  db,
  sealKey,
  join(state, 'agent.sock'),
  capacity,
  monitor.reported,
  log,
)
const appOptions: AppOptions = {
  commits,
  sealKey,
  table: buildTable(allActions),
  clock,
  randomBytes,
  regions,
  observed: reconciler.observed,
  agent: { console: reconciler.console },
  throttle: createThrottle(rates, clock),
  onChange: reconciler.changed,
  inKernel: reconciler.inKernel,
  log,
}
const app = createApp(appOptions)
const feed = createNewsFeed({
  commits,
  observed: reconciler.observed,
  clock,
  onError: (error) => log.error({ err: error }, 'news not read, it is tried again'),
})
app.route(
  '/console',
  createConsole({ ...appOptions, db, deployment, feed, pages, openLine: reconciler.openShell }),
)
const metricsPage = createMetricsPage({
  token: await openMetricsToken(join(state, 'metrics-token'), randomBytes),
  observed: reconciler.observed,
  agentConnected: () => reconciler.status().agentConnected,
})
app.route('/metrics', metricsPage)

const colon = listen.lastIndexOf(':')
const host = listen.slice(0, colon).replace(/^\[|\]$/g, '')
const listener = await startListener({
  app,
  host,
  port: Number(listen.slice(colon + 1)),
  onUpgrade: answerUpgrades({ ...appOptions, deployment, feed, openShell: reconciler.openShell }),
  tls: () => ensureTls(state, certificateNames(host), clock()),
  onError: (error) => log.error({ err: error }, 'connection failed'),
})
const admin = createAdmin({
  db,
  sealKey,
  clock,
  randomBytes,
  status: () => ({ ...reconciler.status() }),
  wires: () => reconciler.observed().wires,
  health: () => reconciler.observed().health,
  drops: monitor.drops,
  inKernel: reconciler.inKernel,
  regions,
  onChange: reconciler.changed,
  log,
})
const adminSocket = await listenOnSocket(admin, join(state, 'admin.sock'))
const housekeeping = startHousekeeping(commits, clock, reconciler.changed, (error) =>
  log.error({ err: error }, 'housekeeping failed, it is tried again'),
)
log.info({ host: listener.host, port: listener.port, deployment }, 'ready')

const signal = await untilAskedToEnd()
log.info({ signal }, 'ending')
housekeeping[Symbol.dispose]()
monitor[Symbol.dispose]()
feed.close()
await listener.close()
await adminSocket.close()
await commits.idle()
await reconciler.close()
await db.destroy()
