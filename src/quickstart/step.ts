import type { Text } from '../cli/language.ts'
import type { Stage } from './stage.ts'

export interface Step {
  readonly id: string
  readonly title: Text
  run(stage: Stage): Promise<void>
}
