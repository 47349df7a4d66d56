/** Does the work at the begin of each minute, one at a time; a minute that comes while it still runs is left out. */
export function startEveryMinute(
  work: () => Promise<void>,
  clock: () => Date,
  onError: (error: unknown) => void,
): Disposable {
  let timer: NodeJS.Timeout
  let busy = false

  function tick(): void {
    wait()
    if (busy) return
    busy = true
    work()
      .catch(onError)
      .finally(() => (busy = false))
  }

  /** A little after the full minute, so that a clock that is set by a few milliseconds does not meet it twice. */
  function wait(): void {
    timer = setTimeout(tick, 60_100 - (clock().getTime() % 60_000))
    timer.unref()
  }

  wait()
  return { [Symbol.dispose]: () => clearTimeout(timer) }
}
