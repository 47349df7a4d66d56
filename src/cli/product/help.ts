/** What `--help` prints of a product and of an action. */
import type { Action, Product } from '../../api/action.ts'
import { type Screen, table } from '../screen.ts'
import { parametersOf } from './catalogue.ts'

export function productHelp(product: Product, actions: readonly Action[], screen: Screen): readonly string[] {
  const { messages } = screen
  const name = product.name.toLowerCase()
  return [
    messages.product.usageOfProduct(name),
    '',
    `${product.name} ${product.version}`,
    ...table(actions.map((action) => [`  ${action.name}`, screen.text(action.summary)])),
    '',
    ...messages.product.flagsHelp,
  ]
}

export function actionHelp(product: Product, action: Action, screen: Screen): readonly string[] {
  const { messages } = screen
  const required = { always: messages.product.required, within: messages.product.requiredWithin, no: '' }
  const rows = parametersOf(action).map((row) => [
    `  --${row.name}`,
    row.type.replaceAll('`', ''),
    required[row.required],
    row.about,
  ])
  return [
    messages.product.usageOfAction(product.name.toLowerCase(), action.name),
    '',
    screen.text(action.summary),
    ...statusLines(action, screen),
    '',
    ...table(rows),
    '',
    ...messages.product.flagsHelp,
  ]
}

function statusLines({ status }: Action, { messages }: Screen): readonly string[] {
  if (status === 'full') return []
  return 'partial' in status
    ? [messages.product.partial(status.partial)]
    : [messages.product.refused(status.refused)]
}
