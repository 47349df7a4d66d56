import { expect, test } from 'vitest'
import { inTerminal } from './terminal.ts'

test('words reach the command as they are, whatever is in them', () => {
  const command = ['echo', "it's", '$HOME', 'two words', '']
  expect(inTerminal(command, { name: 'xterm', rows: 24, columns: 80 })).toContain(
    `tty >&3; exec 3>&-; stty rows 24 columns 80; exec 'echo' 'it'\\''s' '$HOME' 'two words' ''`,
  )
})
