/** JMESPath, with errors that say which expression is wrong. */
import { search } from 'jmespath'

export class ExpressionError extends Error {
  readonly expression: string

  constructor(expression: string, cause: Error) {
    super(cause.message, { cause })
    this.name = 'ExpressionError'
    this.expression = expression
  }
}

/** @throws ExpressionError when it is none, or does not suit the value. */
export function evaluate(value: unknown, expression: string): unknown {
  try {
    return search(value, expression) as unknown
  } catch (cause) {
    throw new ExpressionError(expression, cause as Error)
  }
}

/** @throws ExpressionError for what no value could suit. */
export function checkExpression(expression: string): void {
  try {
    search(null, expression)
  } catch (cause) {
    const { name, message } = cause as Error
    if (name === 'ParserError' || name === 'LexerError' || message.startsWith('Unknown function')) {
      throw new ExpressionError(expression, cause as Error)
    }
  }
}
