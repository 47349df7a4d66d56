/** Instance types and images on offer. A type decides how much memory a sandbox may use. */

export interface InstanceType {
  readonly id: string
  readonly family: string
  readonly cpus: number
  readonly memoryMib: number
  readonly enis: number
}

export const instanceTypes: readonly InstanceType[] = [
  { id: 'ecs.t5-lc2m1.nano', family: 'ecs.t5', cpus: 1, memoryMib: 512, enis: 2 },
  { id: 'ecs.t5-lc1m1.small', family: 'ecs.t5', cpus: 1, memoryMib: 1024, enis: 2 },
  { id: 'ecs.t5-lc1m2.small', family: 'ecs.t5', cpus: 1, memoryMib: 2048, enis: 2 },
  { id: 'ecs.t6-c1m1.large', family: 'ecs.t6', cpus: 2, memoryMib: 2048, enis: 2 },
  { id: 'ecs.t6-c1m2.large', family: 'ecs.t6', cpus: 2, memoryMib: 4096, enis: 2 },
  { id: 'ecs.n4.small', family: 'ecs.n4', cpus: 1, memoryMib: 2048, enis: 2 },
  { id: 'ecs.n4.large', family: 'ecs.n4', cpus: 2, memoryMib: 4096, enis: 2 },
  { id: 'ecs.c6.large', family: 'ecs.c6', cpus: 2, memoryMib: 4096, enis: 2 },
  { id: 'ecs.c6.xlarge', family: 'ecs.c6', cpus: 4, memoryMib: 8192, enis: 3 },
  { id: 'ecs.g6.large', family: 'ecs.g6', cpus: 2, memoryMib: 8192, enis: 2 },
]

export function findInstanceType(id: string): InstanceType | undefined {
  return instanceTypes.find((type) => type.id === id)
}

/** Categories of disks, of which only the last has performance levels. */
export const diskCategories = ['cloud_efficiency', 'cloud_ssd', 'cloud_essd'] as const

export interface Image {
  readonly id: string
  readonly name: string
  readonly description: string
}

export const images: readonly Image[] = [
  {
    id: 'postern_sandbox',
    name: 'postern_sandbox',
    description: 'The system of the host, read only, in a sandbox with a home of its own.',
  },
]

export const osName = 'Linux 64-bit'

export function findImage(id: string): Image | undefined {
  return images.find((image) => image.id === id)
}
