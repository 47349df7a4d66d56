import { expect, test } from 'vitest'
import { listeningPorts } from './application.ts'

test('ports of /proc/net/tcp that others reach: listening, and not on the loopback only', () => {
  const table = `  sl  local_address rem_address   st tx_queue rx_queue
   0: 00000000:0050 00000000:0000 0A 00000000:00000000
   1: 0100007F:1F90 00000000:0000 0A 00000000:00000000
   2: C800A8C0:0051 00000000:0000 01 00000000:00000000
   3: C800A8C0:0052 00000000:0000 0A 00000000:00000000
   4: 00000000000000000000000000000000:01BB 00000000000000000000000000000000:0000 0A 00000000
   5: 00000000000000000000000001000000:01BC 00000000000000000000000000000000:0000 0A 00000000`
  expect(listeningPorts(table, 'tcp')).toEqual([80, 82, 443])
})
