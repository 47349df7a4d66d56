/** Texts of the commands that call the API and keep its profiles. */
import type { Waiter, WordsProblem } from '../product/words.ts'

export interface ProductMessages {
  about(name: string, version: string): string
  readonly heading: string
  usageOfProduct(product: string): string
  usageOfAction(product: string, action: string): string
  readonly flagsHelp: readonly string[]
  readonly required: string
  readonly requiredWithin: string
  partial(note: string): string
  refused(note: string): string
  unknownProduct(product: string, known: readonly string[]): string
  unknownAction(action: string, product: string, meant: string | undefined): string
  unknownParameter(name: string, action: string, meant: string | undefined): string
  wrongWords(problem: WordsProblem): string
  badExpression(expression: string, reason: string): string
  apiError(code: string, text: string, requestId: string): string
  unreachable(endpoint: string, reason: string): string
  waitedInVain(waiter: Waiter, last: string): string
  noEndpoint(state: string): string
  badCa(file: string, reason: string): string
  whichAccount(accounts: readonly string[]): string

  readonly configure: {
    readonly about: string
    readonly list: string
    readonly get: string
    readonly set: string
    readonly delete: string
    readonly switch: string
    readonly profile: string
    readonly field: string
    readonly fields: string
  }
  readonly profileColumns: readonly string[]
  badProfileFile(file: string, reason: string): string
  unknownProfile(name: string, known: readonly string[]): string
  unknownMode(mode: string, known: readonly string[]): string
  unknownField(name: string, known: readonly string[]): string
}
