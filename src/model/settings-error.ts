/** A fault in a file that an operator has written. Its message says all; where in the program it was found helps nobody. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError'
}
