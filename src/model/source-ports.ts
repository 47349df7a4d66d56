/**
 * Ports that the kernel gives to flows of one source address and one protocol towards one target: a client's port of 1024 or more is
 * replaced by another of these, when it is taken.
 */
export const portsPerSource = 65536 - 1024
