import { expect, test } from 'vitest'
import { walkthrough } from '../../test/fixtures/walkthrough.ts'
import { compileHost } from './compile-host.ts'

/** What of the plan is left when these zones are down. */
function left(...zonesDown: readonly string[]) {
  const { plan } = compileHost({ ...walkthrough, zonesDown: zonesDown.toSorted() })
  const { fabric, links } = plan
  return {
    instances: fabric.instances.length,
    enis: fabric.enis.length,
    wires: links.wires.length,
    endpointAnswers: links.names.find(({ name }) => name.startsWith('ep-1.'))?.answers.length,
    balancer: links.balancers.map(({ addresses, listeners }) => [addresses.length, listeners.length]),
  }
}

test('a zone that is down has instances and no network; the balancer goes on from its backup zone', () => {
  const all = left()
  expect(all).toMatchObject({ wires: 1, endpointAnswers: 1, balancer: [[1, 1]] })
  expect(left('eu-central-1c')).toEqual(all)
  expect(left('eu-central-1b')).toEqual({
    instances: all.instances,
    enis: 0,
    wires: 0,
    endpointAnswers: 0,
    balancer: [[1, 1]],
  })
  expect(left('eu-central-1a')).toEqual(all)
  expect(left('eu-central-1a', 'eu-central-1b').balancer).toEqual([[0, 0]])
})
