/** `postern quickstart`: a fresh deployment of its own, both walkthroughs on it, and the proof. */
import { readFileSync } from 'node:fs'
import { callAdmin, type NewAccountKey } from '../cli/admin.ts'
import { client, type ClientOptions } from '../cli/client.ts'
import { purge, type Running, start, stop } from '../cli/deployment.ts'
import { ensureRights } from '../cli/doctor.ts'
import { Failure } from '../cli/failure.ts'
import { freeListen } from '../cli/listen.ts'
import { ensureTools, type Machine } from '../cli/packages.ts'
import type { QuickstartOptions } from '../cli/program.ts'
import type { Screen } from '../cli/screen.ts'
import { readConfig, type StatePaths, statePaths } from '../cli/state.ts'
import { play, Recorder, type StepResult } from './play.ts'
import { printChecks, printHeading, printingAudience } from './printing.ts'
import { crossAccount, type Participant, region, sameAccount, type Scenario } from './scenario.ts'
import { Stage } from './stage.ts'
import { stepsOf } from './walkthrough.ts'

const preferredListen = '127.0.0.1:7090'
const scenarios: readonly Scenario[] = [sameAccount, crossAccount]

interface Played {
  readonly scenario: Scenario
  readonly results: readonly StepResult[]
}

export async function quickstart(
  options: QuickstartOptions,
  machine: Machine,
  screen: Screen,
): Promise<void> {
  const began = performance.now()
  await ensureTools('quickstart', machine, screen)
  await ensureRights(machine, screen)
  const paths = statePaths(options.state)
  const running = await startFresh(paths, options.listen, machine, screen)
  const setupMs = Math.round(performance.now() - began)
  screen.say(texts.started[screen.language](running, setupMs))

  const played = await playAll(paths, running, screen)
  const ms = Math.round(performance.now() - began) - setupMs
  report(played, { ms, setupMs }, running, screen)
}

/** The deployment of an earlier quickstart is thrown away; any other is left alone. */
async function startFresh(
  paths: StatePaths,
  listen: string | undefined,
  machine: Machine,
  screen: Screen,
): Promise<Running> {
  const old = readConfig(paths)
  if (old && old.purpose !== 'quickstart')
    throw new Failure(2, texts.notAQuickstart[screen.language](paths.state))
  if (old) {
    await stop(paths, machine, screen)
    await purge(paths)
  }
  const wanted = { listen: listen ?? (await freeListen(preferredListen)), purpose: 'quickstart' as const }
  const { running } = await start(paths, wanted, machine, screen)
  return running
}

async function playAll(paths: StatePaths, running: Running, screen: Screen): Promise<Played[]> {
  const ca = readFileSync(running.ca, 'utf8')
  const audience = printingAudience(screen, scenarios.flatMap((scenario) => stepsOf(scenario)).length)
  const played: Played[] = []
  for (const scenario of scenarios) {
    printHeading(screen, scenario)
    const profileOf = async ({ account, name }: Participant): Promise<ClientOptions> => {
      const key = (await callAdmin(paths.adminSocket, 'POST', '/accounts', {
        id: account,
        name,
      })) as NewAccountKey
      return {
        endpoint: running.endpoint,
        ca,
        region,
        accessKeyId: key.AccessKeyId,
        accessKeySecret: key.AccessKeySecret,
      }
    }
    const consumer = client(await profileOf(scenario.consumer))
    const provider =
      scenario.provider === scenario.consumer ? consumer : client(await profileOf(scenario.provider))
    const recorder = new Recorder()
    const stage = new Stage(scenario, { consumer, provider }, paths.execSocket, recorder)
    played.push({ scenario, results: await play(stepsOf(scenario), stage, recorder, audience) })
  }
  return played
}

function report(
  played: readonly Played[],
  times: { readonly ms: number; readonly setupMs: number },
  running: Running,
  screen: Screen,
): void {
  const results = played.flatMap(({ scenario, results: own }) => own.map((result) => ({ scenario, result })))
  const checks = results.flatMap(({ scenario, result }) =>
    result.checks.map(({ id, title, ok, detail, ms }) => ({ scenario, id, title, ok, detail, ms })),
  )
  const failed = results.filter(({ result }) => !result.ok)
  printChecks(
    screen,
    checks.map(({ scenario, ...check }) => ({ ...check, scenario: scenario.title })),
    times.ms,
  )
  screen.result({
    ok: failed.length === 0,
    ...times,
    ...running,
    steps: results.map(({ scenario, result }) => ({
      walkthrough: scenario.id,
      id: result.step.id,
      title: screen.text(result.step.title),
      ok: result.ok,
      reached: result.reached,
      ms: result.ms,
      ...(result.error === undefined ? {} : { error: result.error }),
      calls: result.calls.map(({ account, action, outcome }) => ({
        account,
        action,
        ...('code' in outcome ? { code: outcome.code } : { answer: outcome.answer }),
      })),
    })),
    checks: checks.map(({ scenario, id, title, ok, ms, detail }) => ({
      walkthrough: scenario.id,
      id,
      title: screen.text(title),
      ok,
      ms,
      detail,
    })),
  })
  screen.say('')
  screen.say(texts.left[screen.language](running))
  if (failed.length > 0) {
    const names = failed
      .filter(({ result }) => result.reached)
      .map(({ scenario, result }) => `${scenario.id}/${result.step.id}`)
    throw new Failure(1, texts.failed[screen.language](names.join(', ')))
  }
}

const texts = {
  started: {
    en: ({ endpoint, state }: Running, ms: number) =>
      `A fresh deployment is ready after ${ms} ms: ${endpoint}, state in ${state}`,
    zh: ({ endpoint, state }: Running, ms: number) =>
      `全新的部署已就绪，用时 ${ms} 毫秒：${endpoint}，数据目录 ${state}`,
  },
  notAQuickstart: {
    en: (state: string) =>
      `${state} holds a deployment that is not a quickstart’s. Choose another directory with --state.`,
    zh: (state: string) => `${state} 中的部署不是快速入门创建的。请用 --state 指定其他目录。`,
  },
  left: {
    en: ({ console: web, endpoint, state }: Running) =>
      `Everything is left running: console ${web}, API ${endpoint}\n` +
      `Remove it with: ./postern down --purge --state ${state}`,
    zh: ({ console: web, endpoint, state }: Running) =>
      `一切保持运行：控制台 ${web}，API ${endpoint}\n删除：./postern down --purge --state ${state}`,
  },
  failed: {
    en: (names: string) => `these steps failed: ${names}`,
    zh: (names: string) => `以下步骤失败：${names}`,
  },
}
