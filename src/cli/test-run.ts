/**
 * `postern test`: everything that can be tested on this machine, in the order in which a failure is told soonest.
 * Each part says how many of its checks passed and failed; the end names those that failed, and the last line is the sum.
 */
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { runCommand, toolPath } from './command.ts'
import { Failure } from './failure.ts'
import type { Text } from './language.ts'
import { ensureTools, type Machine } from './packages.ts'
import { ordinaryUser } from './ordinary-user.ts'
import type { Screen } from './screen.ts'
import { type Outcome, vitestOutcome } from './vitest-report.ts'

export interface TestOptions {
  readonly netns: boolean
  readonly quickstart: boolean
}

interface Part {
  readonly name: Text
  /** Why it cannot run here, if so. */
  readonly skip?: string | undefined
  readonly run: (scratch: string) => Promise<Outcome>
}

const root = fileURLToPath(new URL('../..', import.meta.url))
const launcher = join(root, 'postern')
const bin = join(root, 'node_modules/.bin')
/** With the Node that Postern brings: the tools' own first line asks for the one on the path. */
const toolEnvironment = { ...process.env, PATH: `${bin}:${toolPath(process.env)}` }

export async function runTests(options: TestOptions, machine: Machine, screen: Screen): Promise<void> {
  await ensureTools('test', machine, screen)
  const scratch = mkdtempSync(join(tmpdir(), 'postern-test-'))
  // The walkthroughs run in it, the server's and the ordinary user's processes among them.
  chmodSync(scratch, 0o755)
  let passed = 0
  const failures: string[] = []
  try {
    for (const part of partsOf(options, machine, screen)) {
      const name = screen.text(part.name)
      if (part.skip !== undefined) {
        screen.say(screen.messages.skipped(name, part.skip))
        continue
      }
      screen.say(`== ${name}`)
      const started = performance.now()
      const outcome = await part.run(scratch)
      passed += outcome.passed
      failures.push(...outcome.failures.map((failure) => `${name}: ${failure}`))
      const seconds = ((performance.now() - started) / 1000).toFixed(1)
      screen.say(`   ${outcome.passed} passed, ${outcome.failures.length} failed (${seconds} s)`)
    }
  } finally {
    rmSync(scratch, { recursive: true, force: true })
  }
  for (const failure of failures) screen.say(`✗ ${failure}`)
  screen.say(`${passed} passed, ${failures.length} failed`)
  if (failures.length > 0) throw new Failure(1, screen.messages.testsFailed(failures.length))
}

function partsOf(options: TestOptions, machine: Machine, screen: Screen): Part[] {
  const needsRoot = machine.root ? undefined : screen.messages.needsRoot
  const notWanted = (wanted: boolean, option: string) => (wanted ? undefined : option)
  return [
    { name: { en: 'types', zh: '类型' }, run: () => oneCheck(['tsc', '--noEmit']) },
    {
      name: { en: 'types of the console', zh: '控制台的类型' },
      run: () => oneCheck(['tsc', '--noEmit', '-p', 'console']),
    },
    {
      name: { en: 'lint', zh: '静态检查' },
      run: () => oneCheck(['oxlint', '--type-aware', '--deny-warnings', 'src', 'test', 'bench', 'console']),
    },
    {
      name: { en: 'format', zh: '格式' },
      run: () => oneCheck(['prettier', '--check', '--log-level', 'warn', '.']),
    },
    {
      name: { en: 'unit, store and RPC tests', zh: '单元、存储与 RPC 测试' },
      run: (scratch) => vitest(['unit'], scratch),
    },
    {
      name: { en: 'tests in real network namespaces', zh: '真实网络命名空间中的测试' },
      skip: notWanted(options.netns, '--no-netns') ?? needsRoot,
      run: (scratch) => vitest(['netns', 'netns-alone'], scratch),
    },
    {
      name: { en: 'the console in a real browser', zh: '真实浏览器中的控制台' },
      skip: notWanted(options.netns, '--no-netns') ?? needsRoot,
      run: (scratch) => vitest(['console'], scratch),
    },
    {
      name: { en: 'both walkthroughs as this user', zh: '以当前用户完成两个流程' },
      skip: notWanted(options.quickstart, '--no-quickstart'),
      run: (scratch) => walkthroughs([launcher], join(scratch, 'own'), machine.env),
    },
    {
      name: { en: 'both walkthroughs as an ordinary user', zh: '以普通用户完成两个流程' },
      skip: notWanted(options.quickstart, '--no-quickstart') ?? needsRoot,
      run: (scratch) => walkthroughsAsUser(scratch, machine.env),
    },
  ]
}

async function oneCheck(argv: readonly [string, ...string[]]): Promise<Outcome> {
  const { code } = await runCommand(argv, { cwd: root, env: toolEnvironment, show: 'all' })
  return code === 0 ? { passed: 1, failures: [] } : { passed: 0, failures: [argv.join(' ')] }
}

async function vitest(projects: readonly string[], scratch: string): Promise<Outcome> {
  const report = join(scratch, `${projects.join()}.json`)
  const { code } = await runCommand(
    ['vitest', 'run', '--passWithNoTests'].concat(
      projects.map((project) => `--project=${project}`),
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${report}`,
    ) as [string, ...string[]],
    { cwd: root, env: toolEnvironment, show: 'all' },
  )
  return vitestOutcome(report, code, root)
}

interface Result {
  readonly walkthrough: string
  readonly title: string
  readonly ok: boolean
  readonly detail?: string
  readonly error?: string
}

interface QuickstartReport {
  readonly steps: readonly Result[]
  readonly checks: readonly Result[]
}

/** One quickstart and its removal; `command` is how its user starts the launcher. */
async function walkthroughs(
  command: readonly [string, ...string[]],
  state: string,
  env: NodeJS.ProcessEnv,
): Promise<Outcome> {
  const quickstart = await runCommand([...command, 'quickstart', '--output', 'json', '--state', state], {
    env,
    show: 'errors',
  })
  const removal = await runCommand([...command, 'down', '--purge', '--state', state], { env, show: 'errors' })
  const left = removal.code === 0 ? [] : [`down --purge ended with ${removal.code}`]
  const removed = 1 - left.length
  let report: QuickstartReport
  try {
    report = JSON.parse(quickstart.stdout) as QuickstartReport
  } catch {
    // Its message is on stderr already.
    return { passed: removed, failures: ['quickstart ended before it could report', ...left] }
  }
  const results = [...report.steps, ...report.checks]
  const failed = results.filter(({ ok }) => !ok)
  const failures = failed.map(
    ({ walkthrough, title, detail, error }) => `${walkthrough} > ${title}: ${detail ?? error ?? ''}`,
  )
  return { passed: results.length - failed.length + removed, failures: [...failures, ...left] }
}

async function walkthroughsAsUser(scratch: string, env: NodeJS.ProcessEnv): Promise<Outcome> {
  const { home, launch } = ordinaryUser(scratch)
  return walkthroughs(launch, join(home, 'state'), { ...env, HOME: home, USER: 'postern-test' })
}
