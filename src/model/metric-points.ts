/**
 * What is kept of one minute, and how: an hour of a series is one text, to which each minute adds a piece,
 * `<minute of the hour>:<value>,<value>,…;` in base 36. A zero is empty and what is zero at the end is left out, so a minute in
 * which nothing happened takes three characters.
 */

/** The order is part of what is stored: new ones go to the end. */
export const measures = [
  'inBytes',
  'inPackets',
  'outBytes',
  'outPackets',
  'inDropped',
  'outDropped',
  'newConnections',
  'activeConnections',
  'inactiveConnections',
  /** Connections dropped because there were too many in one second. */
  'overRate',
  /** Connections dropped because there were too many open. */
  'overConnections',
  'healthyServers',
  'unhealthyServers',
  /** Packets that security groups refused. */
  'denied',
  /** Packets to a port that no listener has, or none with a server. */
  'unserved',
  /** Of a wire: 1 while no server behind it takes connections, so that zones can be counted, and usually nothing is stored. */
  'unhealthyZones',
] as const

export type Measure = (typeof measures)[number]
export type Measures = Readonly<Record<Measure, number>>

export interface Point {
  /** Since 1970. */
  readonly minute: number
  readonly values: Measures
}

export const nothingMeasured = Object.fromEntries(measures.map((name) => [name, 0])) as Measures

export function addMeasures(a: Measures, b: Measures): Measures {
  return Object.fromEntries(measures.map((name) => [name, a[name] + b[name]])) as Measures
}

export function encodePoint({ minute, values }: Point): string {
  const texts = measures.map((name) => (values[name] === 0 ? '' : values[name].toString(36)))
  return `${(minute % 60).toString(36)}:${texts.join(',').replace(/,+$/, '')};`
}

/** The minutes from `first` to `last`. A minute that was written twice counts as written last. */
export function decodeHour(hour: number, text: string, first = 0, last = Infinity): readonly Point[] {
  const byMinute = new Map<number, Point>()
  for (const piece of text.split(';')) {
    if (piece === '') continue
    const [minuteText = '', valuesText = ''] = piece.split(':')
    const minute = hour * 60 + parseInt(minuteText, 36)
    if (minute < first || minute > last) continue
    const texts = valuesText.split(',')
    const values = Object.fromEntries(
      measures.map((name, place) => [name, texts[place] ? parseInt(texts[place], 36) : 0]),
    ) as Measures
    byMinute.set(minute, { minute, values })
  }
  return [...byMinute.values()].toSorted((a, b) => a.minute - b.minute)
}
