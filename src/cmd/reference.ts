/** `npm run reference`: writes the reference pages below docs/reference. */
import { mkdir, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { allActions } from '../api/actions/all.ts'
import { referencePages } from '../api/reference.ts'

const folder = fileURLToPath(new URL('../../docs/reference/', import.meta.url))

await mkdir(folder, { recursive: true })
for (const [name, text] of referencePages(allActions)) await writeFile(`${folder}${name}`, text)
