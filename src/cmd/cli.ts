/** What `./postern` starts. */
import { readFileSync } from 'node:fs'
import { wantedLanguage } from '../cli/language.ts'
import { thisMachine } from '../cli/packages.ts'
import { run } from '../cli/program.ts'

const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
  version: string
}
const argv = process.argv.slice(2)
const code = await run(argv, {
  version,
  language: wantedLanguage(argv, process.env),
  machine: thisMachine(),
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  quickstart: async (options, machine, screen) => {
    const { quickstart } = await import('../quickstart/quickstart.ts')
    await quickstart(options, machine, screen)
  },
})
// Written output is flushed by ending the streams' work first; an open stdin alone must not keep us.
process.exitCode = code
process.stdin.destroy()
