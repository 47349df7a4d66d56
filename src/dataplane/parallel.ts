/** Programs that run at once: most of their time is the kernel's, and that much of it does not pile up on locks. */
const limit = 4

export async function forEachLimited<T>(
  items: readonly T[],
  action: (item: T) => Promise<void>,
): Promise<void> {
  const queue = items.values()
  const worker = async () => {
    for (const item of queue) await action(item)
  }
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, worker))
}
