/** `npm run reference`: writes the reference pages below docs/reference, and the types that the console calls the API with. */
import { mkdir, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { allActions } from '../api/actions/all.ts'
import { consoleTypes } from '../api/console-types.ts'
import { referencePages } from '../api/reference.ts'

const folder = fileURLToPath(new URL('../../docs/reference/', import.meta.url))

await mkdir(folder, { recursive: true })
for (const [name, text] of referencePages(allActions)) await writeFile(`${folder}${name}`, text)

const types = fileURLToPath(new URL('../../console/src/api/actions.ts', import.meta.url))
await writeFile(types, consoleTypes(allActions))
