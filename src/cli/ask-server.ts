import { AdminError, callAdmin } from './admin.ts'
import { isRunning } from './deployment.ts'
import { Failure } from './failure.ts'
import type { Screen } from './screen.ts'
import { requireConfig, type StatePaths } from './state.ts'

/** The server's answer. @throws Failure 1 when it does not run or refuses. */
export async function askServer(
  paths: StatePaths,
  method: 'GET' | 'POST',
  path: string,
  screen: Screen,
  body?: object,
): Promise<unknown> {
  requireConfig(paths, screen.messages)
  try {
    return await callAdmin(paths.adminSocket, method, path, body)
  } catch (error) {
    if (!(error instanceof AdminError)) throw error
    if (error.status === undefined && !isRunning(paths)) {
      throw new Failure(1, screen.messages.notRunning(paths.state), { cause: error })
    }
    throw new Failure(1, screen.messages.serverAnswered(error.message), { cause: error })
  }
}
