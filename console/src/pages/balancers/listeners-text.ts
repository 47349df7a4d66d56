/** Listeners as one says them: `TCP: 80, HTTPS: 443`. */
export function listenersText(
  listeners: readonly { readonly Port: number; readonly Protocol: string }[],
): string {
  return listeners.map(({ Port, Protocol }) => `${Protocol.toUpperCase()}: ${Port}`).join(', ') || '-'
}
