/** Passwords of RAM users: set by RAM's actions, checked as the console checks them. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { checkPassword, type PasswordCheck } from '../../src/store/ram-login-profiles.ts'
import { findUser } from '../../src/store/ram-users.ts'
import type { AccountId } from '../../src/model/ids.ts'
import { deploy, type Deployment, type WireParams } from './call.ts'

const account = '12345678'
const password = 'Example_1234'
let of: Deployment
let users = 0
let UserName: string

beforeAll(async () => {
  of = await deploy(':memory:', [account, '87654321'])
})
afterAll(() => of.db.destroy())

const ram = (action: string, params: WireParams = {}) => of.call(account, `Ram.${action}`, params)
const refusal = (action: string, params: WireParams = {}) => of.refusal(account, `Ram.${action}`, params)

beforeEach(async () => {
  users += 1
  UserName = `user-${users}`
  await ram('SetPasswordPolicy')
  await ram('CreateUser', { UserName })
  await ram('CreateLoginProfile', { UserName, Password: password })
})

const userRow = () => of.db.transaction().execute((tx) => findUser(tx, account as AccountId, UserName))

/** The deployment's clock begins at midnight and moves by seconds. */
const start = Date.UTC(2026, 10, 23, 1)
const check = (
  tried: string,
  { name = UserName, owner = account, minute = 0 } = {},
): Promise<PasswordCheck> =>
  checkPassword(of.db, owner as AccountId, name, tried, new Date(start + minute * 60_000))
const wrong = { ok: false, reason: 'Wrong' }
const locked = { ok: false, reason: 'Locked' }

describe('a password', () => {
  test('signs its user in, and nothing else does', async () => {
    const user = await userRow()
    expect(await check(password)).toEqual({
      ok: true,
      user: { id: user?.id, name: UserName },
      mustChange: false,
    })
    expect(await ram('GetUser', { UserName })).toMatchObject({
      User: { LastLoginDate: '2026-11-23T01:00:00Z' },
    })
    expect(await check('example_1234')).toEqual(wrong)
    expect(await check('')).toEqual(wrong)
    expect(await check('x'.repeat(1_000_000))).toEqual(wrong)
    expect(await check(password, { name: 'nobody' })).toEqual(wrong)
    expect(await check(password, { owner: '87654321' })).toEqual(wrong)
  })

  test('is nowhere in the database, nor are two users with the same one alike', async () => {
    await ram('CreateUser', { UserName: `${UserName}-twin` })
    await ram('CreateLoginProfile', { UserName: `${UserName}-twin`, Password: password })
    const rows = await of.db.selectFrom('login_profile').selectAll().execute()
    expect(JSON.stringify(rows)).not.toContain(password)
    const hashes = rows.map(({ password_hash }) => password_hash)
    expect(new Set(hashes).size).toBe(hashes.length)
    for (const table of ['client_token', 'audit_event', 'ram_user'] as const) {
      expect(JSON.stringify(await of.db.selectFrom(table).selectAll().execute())).not.toContain(password)
    }
  })

  test('that was taken away signs nobody in', async () => {
    await ram('DeleteLoginProfile', { UserName })
    expect(await check(password)).toEqual(wrong)
    expect(await refusal('GetLoginProfile', { UserName })).toBe('EntityNotExist.User.LoginProfile')
  })

  test('must be changed when that was asked for', async () => {
    await ram('UpdateLoginProfile', { UserName, PasswordResetRequired: true })
    expect(await check(password)).toMatchObject({ ok: true, mustChange: true })
    expect(await ram('GetLoginProfile', { UserName })).toMatchObject({
      LoginProfile: { UserName, PasswordResetRequired: true, MFABindRequired: false },
    })
  })

  test('does not suffice for a user who must have a second factor', async () => {
    await ram('UpdateLoginProfile', { UserName, MFABindRequired: true })
    expect(await check(password)).toEqual({ ok: false, reason: 'SecondFactor' })
    expect(await check('wrong')).toEqual(wrong)
  })

  test('keeps its user from being deleted', async () => {
    expect(await refusal('DeleteUser', { UserName })).toBe('DeleteConflict.User.LoginProfile')
    await ram('DeleteLoginProfile', { UserName })
    await ram('DeleteUser', { UserName })
  })
})

describe('too many tries', () => {
  test('lock the user out for the rest of an hour, with the right password too', async () => {
    for (let tries = 0; tries < 5; tries += 1) expect(await check('wrong')).toEqual(wrong)
    expect(await check(password, { minute: 10 })).toEqual(locked)
    expect(await check(password, { minute: 59 })).toEqual(locked)
    expect(await check(password, { minute: 61 })).toMatchObject({ ok: true })
  })

  test('count when they come at the same time', async () => {
    const results = await Promise.all(Array.from({ length: 12 }, () => check('wrong')))
    expect(results.filter((result) => !result.ok && result.reason === 'Locked')).toHaveLength(7)
  })

  test('are forgotten after the right one, and after a change', async () => {
    for (let tries = 0; tries < 4; tries += 1) await check('wrong')
    expect(await check(password)).toMatchObject({ ok: true })
    for (let tries = 0; tries < 5; tries += 1) await check('wrong')
    expect(await check(password)).toEqual(locked)
    await ram('UpdateLoginProfile', { UserName, Password: 'Another_1234' })
    expect(await check('Another_1234', { minute: 1 })).toMatchObject({ ok: true })
  })

  test('are as many as the account says', async () => {
    await ram('SetPasswordPolicy', { MaxLoginAttemps: 0 })
    for (let tries = 0; tries < 7; tries += 1) expect(await check('wrong')).toEqual(wrong)
    expect(await check(password)).toMatchObject({ ok: true })
  })
})

describe('the policy of passwords', () => {
  test('is what was set, and by default for what was left out', async () => {
    const set = { MinimumPasswordLength: 12, RequireSymbols: true, MaxPasswordAge: 30 }
    expect(await ram('SetPasswordPolicy', set)).toEqual({
      PasswordPolicy: {
        ...set,
        RequireLowercaseCharacters: false,
        RequireUppercaseCharacters: false,
        RequireNumbers: false,
        HardExpiry: false,
        PasswordReusePrevention: 0,
        MaxLoginAttemps: 5,
      },
    })
    await ram('SetPasswordPolicy', { RequireNumbers: true })
    expect(await ram('GetPasswordPolicy')).toMatchObject({
      PasswordPolicy: { MinimumPasswordLength: 8, RequireNumbers: true, RequireSymbols: false },
    })
  })

  test.each([
    [{}, 'seven77'],
    [{ MinimumPasswordLength: 12 }, 'eleven_1111'],
    [{ RequireLowercaseCharacters: true }, 'UPPER_1234'],
    [{ RequireUppercaseCharacters: true }, 'lower_1234'],
    [{ RequireNumbers: true }, 'no_Numbers'],
    [{ RequireSymbols: true }, 'noSymbols1'],
    [{}, 'x'.repeat(129)],
  ])('%j refuses %s', async (policy, weak) => {
    await ram('SetPasswordPolicy', policy)
    expect(await refusal('UpdateLoginProfile', { UserName, Password: weak })).toBe(
      'InvalidParameter.Password.TooWeak',
    )
  })

  test('lets a password expire', async () => {
    const days = (count: number) => ({ minute: count * 24 * 60 })
    await ram('SetPasswordPolicy', { MaxPasswordAge: 10 })
    expect(await check(password, days(9))).toMatchObject({ ok: true, mustChange: false })
    expect(await check(password, days(11))).toMatchObject({ ok: true, mustChange: true })
    await ram('SetPasswordPolicy', { MaxPasswordAge: 10, HardExpiry: true })
    expect(await check(password, days(11))).toEqual({ ok: false, reason: 'Expired' })
  })

  test('keeps earlier passwords from coming back', async () => {
    await ram('SetPasswordPolicy', { PasswordReusePrevention: 2 })
    const change = (Password: string) => ({ UserName, Password })
    const reused = 'InvalidParameter.Password.ReusePrevention'
    expect(await refusal('UpdateLoginProfile', change(password))).toBe(reused)
    await ram('UpdateLoginProfile', change('Another_1234'))
    expect(await refusal('UpdateLoginProfile', change(password))).toBe(reused)
    await ram('UpdateLoginProfile', change('Third_12345'))
    await ram('UpdateLoginProfile', change(password))
    expect(await check(password)).toMatchObject({ ok: true })
  })
})

describe('a user changes its own password', () => {
  const document = JSON.stringify({
    Version: '1',
    Statement: [{ Effect: 'Allow', Action: 'ram:ChangePassword', Resource: '*' }],
  })

  test('when it knows the old one', async () => {
    const PolicyName = `change-${users}`
    await ram('CreatePolicy', { PolicyName, PolicyDocument: document })
    await ram('AttachPolicyToUser', { PolicyName, PolicyType: 'Custom', UserName })
    const user = await userRow()
    const self = { kind: 'user', id: user?.id ?? '', name: UserName } as const
    const change = (OldPassword: string, NewPassword: string) => ({ OldPassword, NewPassword })
    const refused = (params: WireParams, who: typeof self | undefined = self) =>
      of.refusal(account, 'Ram.ChangePassword', params, who)
    expect(await refused(change('wrong', 'Another_1234'))).toBe('InvalidParameter.OldPassword.Incorrect')
    expect(await refused(change(password, 'weak'))).toBe('InvalidParameter.NewPassword.TooWeak')
    expect(await refusal('ChangePassword', change(password, 'Another_1234'))).toBe('NotSupport.Account')
    await of.call(account, 'Ram.ChangePassword', change(password, 'Another_1234'), self)
    expect(await check('Another_1234')).toMatchObject({ ok: true })
    expect(await check(password)).toEqual(wrong)
  })
})
