/**
 * What takes long (to hash a password, to find primes) is not done in a transaction, where every other writer would
 * wait for it. A handler asks for its result; when it is not there yet, all that the call wrote is taken back, the work is done with
 * no transaction open, and the call is tried anew. So the work comes after all that refuses a call, and what it rests on
 * (a salt, a policy) is read again by the try that uses it.
 */

/** The result of the work of that name, which must say all that the work depends on. */
export type Slowly = <Result>(name: string, work: () => Promise<Result>) => Result

export class NotDoneYet extends Error {
  readonly finish: () => Promise<void>

  constructor(finish: () => Promise<void>) {
    super('work of a call is not done yet')
    this.name = 'NotDoneYet'
    this.finish = finish
  }
}

/** One for each piece of work, and some for what others changed meanwhile. */
const mostTries = 8

/** `attempt` must take back what it wrote when it throws. */
export async function betweenTries<Result>(attempt: (slowly: Slowly) => Promise<Result>): Promise<Result> {
  const done = new Map<string, unknown>()
  const slowly = <Done>(name: string, work: () => Promise<Done>): Done => {
    // A name stands for one piece of work, so what lies under it is its result.
    if (done.has(name)) return done.get(name) as Done
    throw new NotDoneYet(async () => {
      done.set(name, await work())
    })
  }
  for (let tries = 1; ; tries += 1) {
    try {
      return await attempt(slowly)
    } catch (error) {
      if (!(error instanceof NotDoneYet) || tries === mostTries) throw error
      await error.finish()
    }
  }
}
