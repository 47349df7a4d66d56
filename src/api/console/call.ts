/** `POST /console/call/<Product>/<Action>`: an action of the API with a session in place of the signature. */
import { hashToken, resumeSession } from '../../store/sessions.ts'
import type { CallReader } from '../app.ts'
import { ApiError } from '../errors.ts'
import { products } from '../products.ts'
import { readJsonRequest } from '../request.ts'
import { callerOfSession } from './caller.ts'
import { readToken } from './cookie.ts'
import { checkCsrf } from './same-origin.ts'

export function readSessionCall(deployment: string, product: string, action: string): CallReader {
  return {
    eventType: 'ConsoleOperation',
    async read(request, { scheme, host }) {
      const token = readToken(request.headers, { deployment, scheme })
      if (token === undefined) throw new ApiError('ConsoleNeedLogin')
      checkCsrf(request.headers, token)
      const version = Object.values(products).find(({ name }) => name === product)?.version
      if (version === undefined) throw new ApiError('InvalidVersion')
      return {
        version,
        action,
        params: await readJsonRequest(request),
        format: 'JSON',
        host,
        async authenticate(tx, now) {
          const session = await resumeSession(tx, hashToken(token), now)
          if (!session) throw new ApiError('ConsoleNeedLogin')
          return callerOfSession(session)
        },
      }
    },
  }
}
