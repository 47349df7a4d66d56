/** `postern <product> <Action> --Param value …`: any action of the table, signed and sent to any server of this API. */
import type { Action, Product } from '../../api/action.ts'
import { CallError, client, type ClientOptions, UnreachableError } from '../client.ts'
import { Failure } from '../failure.ts'
import { forgetOperatorKey } from '../operator-key.ts'
import type { Screen } from '../screen.ts'
import { statePaths } from '../state.ts'
import { actionsOf, findProduct, isParameter, parametersOf, productNames } from './catalogue.ts'
import { connect } from './connection.ts'
import { checkExpression, evaluate, ExpressionError } from './expression.ts'
import { actionHelp, productHelp } from './help.ts'
import { nearest } from './nearest.ts'
import { printAnswer } from './output.ts'
import { type Answer, gatherPages } from './pages.ts'
import { WaitedInVain, waitFor } from './wait.ts'
import { type ProductWords, readWords, switches, valueFlags, WordsError } from './words.ts'

export interface ProductSurroundings {
  readonly actions: readonly Action[]
  readonly env: NodeJS.ProcessEnv
  /** The deployment's directory, unless `--state` names another. */
  readonly state: string
  readonly screen: Screen
}

export async function runProduct(
  productName: string,
  words: readonly string[],
  surroundings: ProductSurroundings,
): Promise<void> {
  const { screen } = surroundings
  const product = findProduct(productName)
  if (!product) throw new Failure(2, screen.messages.product.unknownProduct(productName, productNames))
  const given = readGiven(words, screen)
  const offered = actionsOf(product, surroundings.actions)
  const say = (lines: readonly string[]) => lines.forEach((line) => screen.say(line))
  if (given.action === undefined) return say(productHelp(product, offered, screen))
  const action = findAction(product, given, offered, screen)
  if (given.flags.switches.has('help')) {
    return say(action ? actionHelp(product, action, screen) : productHelp(product, offered, screen))
  }
  if (action && !given.flags.switches.has('force')) checkNames(action, given, screen)
  try {
    checkExpressions(given)
    const answer = await send(product, action?.name ?? given.action, given, surroundings)
    if (!given.flags.switches.has('quiet')) say(printed(answer, given))
  } catch (error) {
    throw failureOf(error, given, screen)
  }
}

function printed(answer: Answer, { flags }: ProductWords): readonly string[] {
  const query = flags.values['cli-query'] ?? flags.values.query
  return printAnswer(query === undefined ? answer : evaluate(answer, query), flags.output)
}

/** What the caller can understand as such; any other error is a defect and stays what it is. */
function failureOf(error: unknown, { flags }: ProductWords, { messages }: Screen): unknown {
  if (error instanceof ExpressionError) {
    const text = messages.product.badExpression(error.expression, error.message)
    return new Failure(2, text, { cause: error })
  }
  if (error instanceof UnreachableError) {
    return new Failure(1, messages.product.unreachable(error.endpoint, error.message), { cause: error })
  }
  if (error instanceof CallError) {
    const text = messages.product.apiError(error.code, error.text, error.requestId)
    return new Failure(1, text, { cause: error })
  }
  if (error instanceof WaitedInVain && flags.waiter) {
    return new Failure(1, messages.product.waitedInVain(flags.waiter, error.last), { cause: error })
  }
  return error
}

function readGiven(words: readonly string[], screen: Screen): ProductWords {
  try {
    return readWords(words)
  } catch (error) {
    if (!(error instanceof WordsError)) throw error
    throw new Failure(2, screen.messages.product.wrongWords(error.problem), { cause: error })
  }
}

/** Undefined for one that is not in the table, when it is to be sent all the same. */
function findAction(
  product: Product,
  { action: wanted = '', flags }: ProductWords,
  offered: readonly Action[],
  screen: Screen,
): Action | undefined {
  const found = offered.find(({ name }) => name.toLowerCase() === wanted.toLowerCase())
  if (found || flags.switches.has('force')) return found
  const names = offered.map(({ name }) => name)
  const name = product.name.toLowerCase()
  throw new Failure(2, screen.messages.product.unknownAction(wanted, name, nearest(wanted, names)))
}

function checkNames(action: Action, { parameters }: ProductWords, screen: Screen): void {
  const rows = parametersOf(action)
  const unknown = parameters.find(([name]) => !isParameter(rows, name))
  if (!unknown) return
  const [name] = unknown
  const known = [...rows.map((row) => row.name), ...valueFlags, ...switches]
  throw new Failure(2, screen.messages.product.unknownParameter(name, action.name, nearest(name, known)))
}

/** Before anything is sent, so that a write is not made whose answer cannot be shown. */
function checkExpressions({ flags }: ProductWords): void {
  const { output, waiter, pager, values } = flags
  const columns = output.columns?.map(({ path }) => path) ?? []
  const expressions = [values.query, values['cli-query'], waiter?.expression, pager, output.rows, ...columns]
  for (const expression of expressions) {
    if (expression) checkExpression(expression)
  }
}

async function send(
  product: Product,
  action: string,
  given: ProductWords,
  { env, state, screen }: ProductSurroundings,
): Promise<Answer> {
  const { flags } = given
  const paths = statePaths(flags.values.state ?? state)
  const parameters = Object.fromEntries(given.parameters)
  const connection = await connect({ flags: flags.values, env, paths, screen })
  if (flags.switches.has('dryrun')) return described(product, action, parameters, connection)
  const call = client(connection)
  const ask = (more: Readonly<Record<string, string>> = {}) =>
    call(product.name, action, { ...parameters, ...more })
  try {
    if (flags.waiter) return await waitFor(ask, flags.waiter)
    return flags.pager === undefined ? await ask() : await gatherPages(ask, flags.pager)
  } catch (error) {
    if (error instanceof CallError && error.code === 'InvalidAccessKeyId.NotFound') {
      forgetOperatorKey(paths, connection.accessKeyId)
    }
    throw error
  }
}

/** What would be sent, without the secret. */
function described(
  product: Product,
  action: string,
  parameters: Readonly<Record<string, string>>,
  { endpoint, region, accessKeyId }: ClientOptions,
): Answer {
  return {
    Endpoint: endpoint,
    Product: product.name,
    Version: product.version,
    Action: action,
    AccessKeyId: accessKeyId,
    Parameters: { ...(region === undefined ? {} : { RegionId: region }), ...parameters },
  }
}
