/**
 * Where a command writes. With JSON output stdout carries exactly one object, the result, and everything meant for
 * people goes to stderr; otherwise people read stdout.
 */
import { messagesIn, type Messages } from './messages.ts'
import type { Language, Text } from './language.ts'

export interface Screen {
  readonly language: Language
  readonly messages: Messages
  readonly json: boolean
  /** A line for people. */
  say(line: string): void
  /** A line about progress or trouble: always stderr. */
  note(line: string): void
  /** The one JSON object; nothing when the output is text. */
  result(value: object): void
  text(text: Text): string
}

export interface Streams {
  readonly stdout: { write(text: string): unknown }
  readonly stderr: { write(text: string): unknown }
}

export function screenOn(streams: Streams, language: Language, json: boolean): Screen {
  const people = json ? streams.stderr : streams.stdout
  return {
    language,
    messages: messagesIn(language),
    json,
    say: (line) => void people.write(`${line}\n`),
    note: (line) => void streams.stderr.write(`${line}\n`),
    result: (value) => {
      if (json) streams.stdout.write(`${JSON.stringify(value)}\n`)
    },
    text: (text) => text[language],
  }
}

/** Columns padded to the widest cell; a Chinese character takes two places on a terminal. */
export function table(rows: readonly (readonly string[])[], between = '  '): string[] {
  const widths: number[] = []
  for (const row of rows) {
    for (const [column, cell] of row.entries())
      widths[column] = Math.max(widths[column] ?? 0, displayWidth(cell))
  }
  return rows.map((row) =>
    row
      .map((cell, column) => cell + ' '.repeat((widths[column] ?? 0) - displayWidth(cell)))
      .join(between)
      .trimEnd(),
  )
}

const wide = /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/u

export function displayWidth(text: string): number {
  let width = 0
  for (const character of text) width += wide.test(character) ? 2 : 1
  return width
}
