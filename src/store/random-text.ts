import type { RandomBytes } from '../model/ids.ts'

export const digits = '0123456789'
export const lettersAndDigits = `ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz${digits}`

/** Each character of `alphabet` is equally likely: bytes that would favour some are thrown away. */
export function randomText(alphabet: string, length: number, randomBytes: RandomBytes): string {
  const bound = 256 - (256 % alphabet.length)
  let text = ''
  while (text.length < length) {
    for (const byte of randomBytes(length)) {
      if (byte < bound && text.length < length) text += alphabet[byte % alphabet.length]
    }
  }
  return text
}
