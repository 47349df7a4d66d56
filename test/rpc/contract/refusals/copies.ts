/** Quotas are reached by copies of a row: as many calls would take too long. */
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { RunningServer } from '../../../fixtures/running-server.ts'

/** Copies the row whose `key` column is `value`; `fresh` are columns that differ, as SQL over the copy's number `i`. */
export function copyRow(
  server: RunningServer,
  table: string,
  [key, value]: readonly [key: string, value: string],
  count: number,
  fresh: Readonly<Record<string, string>>,
): void {
  const database = new DatabaseSync(join(server.state, 'postern.db'), { timeout: 5000 })
  try {
    const info = database.prepare('select name from pragma_table_info(?)').all(table)
    const columns = info.map(({ name }) => String(name))
    database
      .prepare(
        `with recursive n(i) as (select 1 union all select i + 1 from n where i < ${count})
         insert into ${table} (${columns.join()})
         select ${columns.map((column) => fresh[column] ?? `"${table}"."${column}"`).join()} from ${table}, n where "${key}" = ?`,
      )
      .run(value)
  } finally {
    database.close()
  }
}
