/** Writes through the API as fast as it can, and prints the id of each write once it is acknowledged. */
import { writeSync } from 'node:fs'
import { openTestServer } from './server.ts'
import { call, requestV1 } from './signed-request.ts'

const server = await openTestServer({ file: process.argv[2] ?? ':memory:' })
for (let count = 0; ; count++) {
  const { body } = await call(server, requestV1(server, 'AddAccount', { Name: `n${count}` }))
  writeSync(1, `${String(body['AccountId'])}\n`)
}
