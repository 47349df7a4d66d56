/** Whether a user namespace with this `uid_map` (user_namespaces(7)) knows the user. */
export function mapsUser(uidMap: string, uid: number): boolean {
  return uidMap
    .trim()
    .split('\n')
    .some((line) => {
      const [inside = 0, , count = 0] = line.trim().split(/\s+/).map(Number)
      return uid >= inside && uid < inside + count
    })
}
