/**
 * More room for what waits in another program's socket. `conntrack --buffer-size` of 1.4.7 (Debian 12) widens a socket that it does not
 * listen on; the one it does keeps the system's 208 KiB, which is 160 ends of flows. A descriptor taken over from a process
 * (pidfd_getfd(2), Linux 5.6) is the same socket.
 */
import { readdir, readFile, readlink } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { output, type Exec } from '../dataplane/exec.ts'

/** One row of `/proc/net/netlink` that is a member of a group of NETLINK_NETFILTER. */
export interface ListeningSocket {
  readonly inode: string
  /** Messages that found it full. */
  readonly drops: number
}

/** As the namespace of a process has them: `sk Eth Pid Groups Rmem Wmem Dump Locks Drops Inode`. */
export async function listeningSockets(pid: number): Promise<readonly ListeningSocket[]> {
  const text = await readFile(`/proc/${pid}/net/netlink`, 'utf8').catch(() => '')
  return text
    .split('\n')
    .map((row) => row.trim().split(/\s+/))
    .filter(([, family, , groups]) => family === netfilter && Number.parseInt(groups ?? '', 16) !== 0)
    .map((row) => ({ drops: Number(row[8] ?? 0), inode: row[9] ?? '' }))
}

const netfilter = '12'
const patienceMs = 5000

/** Waits until the program listens. @throws when it does not, or the kernel refuses. */
export async function widenSocket(exec: Exec, pid: number, bytes: number): Promise<void> {
  const endMs = performance.now() + patienceMs
  for (;;) {
    const fd = await listeningDescriptor(pid)
    if (fd !== undefined) {
      await output(exec, ['perl', '-e', widen, String(pid), fd, String(bytes)])
      return
    }
    if (performance.now() > endMs) throw new Error(`process ${pid} does not listen`)
    await delay(5)
  }
}

async function listeningDescriptor(pid: number): Promise<string | undefined> {
  const wanted = new Set((await listeningSockets(pid)).map(({ inode }) => `socket:[${inode}]`))
  if (wanted.size === 0) return undefined
  const folder = `/proc/${pid}/fd`
  for (const fd of await readdir(folder)) {
    if (wanted.has(await readlink(join(folder, fd)).catch(() => ''))) return fd
  }
  return undefined
}

/** SO_RCVBUFFORCE for the host's root; in a user namespace as much as the system lets anybody have. */
const widen = String.raw`
  use strict; use Socket;
  my ($pid, $fd, $bytes) = map { $_ + 0 } @ARGV;
  my ($pidfd_open, $pidfd_getfd, $rcvbufforce) = (434, 438, 33);
  my $process = syscall $pidfd_open, $pid, 0;
  my $taken = $process < 0 ? -1 : syscall $pidfd_getfd, $process, $fd, 0;
  die "descriptor $fd of $pid: $!\n" if $taken < 0;
  open my $socket, "+<&=", $taken or die "$!\n";
  setsockopt $socket, SOL_SOCKET, $rcvbufforce, $bytes
    or setsockopt $socket, SOL_SOCKET, SO_RCVBUF, $bytes or die "setsockopt: $!\n";
`
