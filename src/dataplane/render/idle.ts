/** Seconds that the kernel keeps an idle connection beyond what its listener says: time to tell both ends. */
export const idleGraceS = 10
