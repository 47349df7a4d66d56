/** Ram 2015-05-01: the name that an account gives itself. */
import { z } from 'zod'
import { aliasOf, isAliasTaken, setAlias } from '../../../store/accounts.ts'
import { defineAction, type Action } from '../../action.ts'
import { demand } from '../../require.ts'
import { accountAlias, codes, nothing } from './values.ts'

const partial = 'Kept and told again: people sign in to the console with the id of the account.'

const setAccountAlias = defineAction({
  product: 'Ram',
  name: 'SetAccountAlias',
  summary: { en: 'Gives the account an alias; one that it has is cleared before.', zh: '设置账号别名。' },
  status: { partial },
  params: z.object({ AccountAlias: accountAlias() }),
  result: nothing,
  effect: 'write',
  errors: codes(['AccountAlias'], 'EntityAlreadyExists.AccountAlias'),
  handler: async ({ tx, caller }, { AccountAlias }) => {
    const own = await aliasOf(tx, caller.account)
    const free = own === undefined && !(await isAliasTaken(tx, AccountAlias))
    demand(free, 'EntityAlreadyExists.AccountAlias')
    await setAlias(tx, caller.account, AccountAlias)
    return {}
  },
})

const getAccountAlias = defineAction({
  product: 'Ram',
  name: 'GetAccountAlias',
  summary: { en: 'Tells the alias of the account; it is empty for none.', zh: '查询账号别名。' },
  status: 'full',
  params: z.object({}),
  result: z.object({ AccountAlias: z.string() }),
  effect: 'read',
  handler: async ({ tx, caller }) => ({ AccountAlias: (await aliasOf(tx, caller.account)) ?? '' }),
})

const clearAccountAlias = defineAction({
  product: 'Ram',
  name: 'ClearAccountAlias',
  summary: { en: 'Takes the alias of the account away.', zh: '删除账号别名。' },
  status: 'full',
  params: z.object({}),
  result: nothing,
  effect: 'write',
  handler: async ({ tx, caller }) => {
    await setAlias(tx, caller.account, null)
    return {}
  },
})

export const accountAliasActions: readonly Action[] = [setAccountAlias, getAccountAlias, clearAccountAlias]
