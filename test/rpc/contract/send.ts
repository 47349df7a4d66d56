import { request as overHttp } from 'node:http'
import { request as overHttps } from 'node:https'

interface Post {
  readonly url: string
  readonly ca: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** Posts as a client without a library would; refused calls throw with `code` and `statusCode`. */
export function send({ url, ca, headers, body }: Post): Promise<Record<string, unknown>> {
  const { promise, resolve, reject } = Promise.withResolvers<Record<string, unknown>>()
  const request = url.startsWith('https:') ? overHttps : overHttp
  const call = request(url, { method: 'POST', headers, ca }, (response) => {
    let text = ''
    response.setEncoding('utf8')
    response.on('data', (chunk: string) => (text += chunk))
    response.on('end', () => {
      const answer = JSON.parse(text) as Record<string, unknown>
      const { statusCode } = response
      if (statusCode === 200) resolve(answer)
      else reject(Object.assign(new Error(String(answer['Message'])), { code: answer['Code'], statusCode }))
    })
  })
  call.on('error', reject)
  call.end(body)
  return promise
}
