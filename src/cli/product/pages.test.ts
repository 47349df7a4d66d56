import { expect, test } from 'vitest'
import { type Answer, gatherPages } from './pages.ts'

/** Serves these pages one after the other and notes what each was asked with. */
function serving(...pages: readonly Answer[]) {
  const asked: Readonly<Record<string, string>>[] = []
  const ask = (more: Readonly<Record<string, string>>) => {
    asked.push(more)
    const page = pages[asked.length - 1]
    return page ? Promise.resolve(page) : Promise.reject(new Error('asked for more than there is'))
  }
  return { asked, ask }
}

test('by token', async () => {
  const { ask, asked } = serving({ NextToken: 'a', Zones: [1, 2] }, { NextToken: '', Zones: [3] })
  expect(await gatherPages(ask, '')).toEqual({ NextToken: '', Zones: [1, 2, 3] })
  expect(asked).toEqual([{}, { NextToken: 'a' }])
})

test('by number', async () => {
  const page = (PageNumber: number, ...Vpc: number[]) => ({ TotalCount: 3, PageNumber, Vpcs: { Vpc } })
  const { ask, asked } = serving(page(1, 1, 2), page(2, 3))
  expect(await gatherPages(ask, 'Vpcs.Vpc')).toMatchObject({ Vpcs: { Vpc: [1, 2, 3] } })
  expect(asked).toEqual([{}, { PageNumber: '2' }])
})

test('by marker', async () => {
  const { ask, asked } = serving(
    { IsTruncated: true, Marker: 'm', Users: { User: [1] } },
    { IsTruncated: false, Users: { User: [2] } },
  )
  expect(await gatherPages(ask, '')).toMatchObject({ IsTruncated: false, Users: { User: [1, 2] } })
  expect(asked[1]).toEqual({ Marker: 'm' })
})

test('a page without items ends it, whatever the count says', async () => {
  const { ask } = serving({ TotalCount: 9, PageNumber: 1, A: [1] }, { TotalCount: 9, PageNumber: 2, A: [] })
  expect(await gatherPages(ask, '')).toMatchObject({ A: [1] })
})

test('an answer without a list is itself', async () => {
  const { ask } = serving({ Status: 'Active' })
  expect(await gatherPages(ask, '')).toEqual({ Status: 'Active' })
})
