/** Does `work` for every item, a few at a time. All are tried; the ones that failed come back with their error. */
export async function inParallel<Item>(
  items: readonly Item[],
  atOnce: number,
  work: (item: Item) => Promise<void>,
): Promise<{ readonly item: Item; readonly error: Error }[]> {
  const failed: { item: Item; error: Error }[] = []
  const rest = items.values()
  async function worker(): Promise<void> {
    for (const item of rest) {
      try {
        await work(item)
      } catch (error) {
        failed.push({ item, error: error instanceof Error ? error : new Error(String(error)) })
      }
    }
  }
  await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, worker))
  return failed
}
