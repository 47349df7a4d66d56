import { appendFile, readFile, readdir, stat } from 'node:fs/promises'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { InstancePlan } from '../../../src/plan/host-plan.ts'
import type { Sandboxes } from '../../../src/sandbox/sandboxes.ts'
import { eventually, instancePlan, openBench, openSandboxes, type Bench } from './bench.ts'

let bench: Bench
let sandboxes: Sandboxes
let netns: string

beforeEach(async () => {
  bench = await openBench()
  netns = await bench.addNetns('i-test')
  sandboxes = await openSandboxes(bench)
})

afterEach(async () => {
  await sandboxes.stopAll()
  sandboxes.close()
  await bench.close()
})

async function apply(...instances: readonly InstancePlan[]): Promise<void> {
  expect(await sandboxes.stopUnwanted(instances)).toEqual([])
  expect(await sandboxes.startWanted(instances)).toEqual([])
}

async function consoleText(): Promise<string> {
  return readFile(join(bench.directory, 'console', 'i-test.log'), 'utf8').catch(() => '')
}

function consoleWith(pattern: RegExp): Promise<string> {
  return eventually(async () => {
    const text = await consoleText()
    return pattern.test(text) ? text : undefined
  }, `the console with ${pattern}`)
}

/** Host pids of all processes of this uid. */
async function processesOf(uid: number): Promise<number[]> {
  const found: number[] = []
  for (const name of await readdir('/proc')) {
    if (!/^\d+$/.test(name)) continue
    const owner = await stat(`/proc/${name}`).catch(() => undefined)
    if (owner?.uid === uid) found.push(Number(name))
  }
  return found
}

test('a script runs as a user without rights, in a system of its own', async () => {
  const script = `#!/bin/sh
echo "user $(id -u) $(id -g) $(id -G) $(id -un) $(hostname)"
grep -E '^(Cap|NoNewPrivs)' /proc/self/status
for path in /usr/x /etc/x /x /dev/x /proc/sys/kernel/hostname; do
  (echo >"$path") 2>/dev/null && echo "wrote $path"
done
echo "processes $(ls /proc | grep -c '^[0-9]')"
ls ${bench.directory} /root /work 2>&1 | sed 's/^/look: /'
cat /etc/shadow 2>/dev/null && echo 'read shadow'
unshare -U true 2>/dev/null && echo 'made a user namespace'
grep -c . /etc/passwd
cat /etc/resolv.conf
echo home >"$HOME/kept" && echo tmp >/tmp/x && echo run >/run/x && echo 'wrote own'
dd if=/dev/zero of=/tmp/large bs=1M count=100 2>/dev/null || echo 'tmp is bounded'
echo done
`
  await apply(instancePlan(netns, script))
  const text = await consoleWith(/^done$/m)
  expect(text).toContain('user 1000 1000 1000 ecs-user ecs1')
  for (const set of ['CapInh', 'CapPrm', 'CapEff', 'CapBnd', 'CapAmb']) {
    expect(text).toMatch(new RegExp(`${set}:\\s0{16}$`, 'm'))
  }
  expect(text).toMatch(/NoNewPrivs:\s1/)
  expect(text).not.toMatch(/^wrote \//m)
  expect(text).toContain('wrote own')
  expect(text).toContain('tmp is bounded')
  expect(text).not.toContain('read shadow')
  expect(text).not.toContain('made a user namespace')
  expect(text).toMatch(/look: .*No such file/)
  expect(text).toContain('nameserver 100.100.2.136\nnameserver 100.100.2.138\n')
  expect(Number(/^processes (\d+)$/m.exec(text)?.[1])).toBeLessThan(12)
})

test('a script that is done leaves the machine up, with what it started', async () => {
  const plan = instancePlan(netns, '#!/bin/sh\nsleep 1000 &\n')
  await apply(plan)
  await eventually(async () => {
    const names = await Promise.all(
      (await processesOf(plan.uid)).map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')),
    )
    return names.includes('sleep\0infinity\0') && names.includes('sleep\x001000\0') ? true : undefined
  })
  expect(sandboxes.reports()).toEqual([{ id: 'i-test', boot: 1, state: 'running', restarts: 0 }])
})

test('a script that fails is run again, after a pause', async () => {
  await apply(instancePlan(netns, '#!/bin/sh\necho run >>~/runs; cat ~/runs; [ $(wc -l <~/runs) = 3 ]\n'))
  await eventually(() => sandboxes.reports()[0]?.restarts === 2 || undefined)
  const text = await consoleWith(/run\nrun\nrun\n/)
  expect(text.match(/boot 1: ended with status 1/g)).toHaveLength(2)
})

test('stop ends every process and removes the cgroups', async () => {
  const plan = instancePlan(netns, '#!/bin/sh\nsetsid sleep 1000 & trap "" TERM; sleep 1000\n')
  await apply(plan)
  await eventually(async () => (await processesOf(plan.uid)).length > 4 || undefined)
  await apply({ ...plan, running: false })
  expect(await processesOf(plan.uid)).toEqual([])
  expect(existsSync(`/sys/fs/cgroup/pids/postern-${bench.deployment}/i-test`)).toBe(false)
  expect(existsSync(join(bench.directory, 'instances/i-test/home'))).toBe(true)
  expect(sandboxes.reports()).toEqual([{ id: 'i-test', boot: 1, state: 'stopped', restarts: 0 }])
  await apply()
  expect(await readdir(join(bench.directory, 'instances'))).toEqual([])
  expect(await readdir(join(bench.directory, 'console'))).toEqual([])
})

test('a new boot replaces the sandbox and keeps the home', async () => {
  const plan = instancePlan(netns, '#!/bin/sh\ndate +%s%N >>~/boots; echo "boots $(wc -l <~/boots)"\n')
  await apply(plan)
  await consoleWith(/boots 1/)
  const before = sandboxes.find('i-test')?.pid
  await apply({ ...plan, boot: 2 })
  await consoleWith(/boots 2/)
  expect(sandboxes.find('i-test')?.pid).not.toBe(before)
  expect(existsSync(`/proc/${before}`)).toBe(false)
  expect(sandboxes.reports()).toEqual([{ id: 'i-test', boot: 2, state: 'running', restarts: 0 }])
})

test('a fresh agent finds the sandbox and starts no second one', async () => {
  const plan = instancePlan(netns, '#!/bin/sh\necho started\n')
  await apply(plan)
  const before = sandboxes.find('i-test')?.pid
  expect(before).toBeGreaterThan(1)
  sandboxes.close()
  sandboxes = await openSandboxes(bench)
  await apply(plan)
  expect(sandboxes.find('i-test')?.pid).toBe(before)
  expect((await consoleText()).match(/boot 1: started/g)).toHaveLength(1)
})

test('the end of the shim is the end of the sandbox, and it is started again', async () => {
  const plan = instancePlan(netns, '#!/bin/sh\nsleep 1000 &\n')
  await apply(plan)
  const before = sandboxes.find('i-test')?.pid
  const pidFile = await readFile(join(bench.directory, 'instances/i-test/pid'), 'utf8')
  process.kill(Number(pidFile.split(' ')[1]), 'SIGKILL')
  await eventually(() => (existsSync(`/proc/${before}`) ? undefined : true))
  await eventually(() => sandboxes.reports()[0]?.restarts === 1 || undefined)
  await eventually(() => sandboxes.find('i-test')?.pid)
})

test('a fork bomb meets its limit', async () => {
  const plan = instancePlan(netns, '#!/bin/sh\nbomb() { bomb | bomb & }; bomb; sleep 1000\n', {
    processes: 30,
  })
  await apply(plan)
  await consoleWith(/[Cc]annot fork|Resource temporarily/)
  expect((await processesOf(plan.uid)).length).toBeLessThan(40)
  await apply({ ...plan, running: false })
  expect(await processesOf(plan.uid)).toEqual([])
})

test('memory is bounded', async () => {
  const script = '#!/bin/sh\nperl -e \'$x = "x" x (200 << 20); print length $x\' || echo "ended with $?"\n'
  await apply(instancePlan(netns, script))
  const text = await consoleWith(/ended with/)
  expect(text).not.toContain(String(200 << 20))
})

test('the console log is bounded', async () => {
  await apply(instancePlan(netns, '#!/bin/sh\nyes 0123456789 | head -c 1000000; echo; echo the end\n'))
  await consoleWith(/^the end$/m)
  const log = join(bench.directory, 'console/i-test.log')
  expect((await stat(log)).size).toBeLessThanOrEqual(64 * 1024)
  expect((await stat(`${log}.1`)).size).toBeLessThanOrEqual(64 * 1024)
})

test('without its network namespace an instance is a problem, not a crash', async () => {
  const plan = instancePlan(netns, '', { netns: `${netns}-gone` })
  const [problem] = await sandboxes.startWanted([plan])
  expect(problem).toMatchObject({ id: 'i-test' })
  expect(problem?.message).toContain('does not exist')
})

test('a sandbox keeps no other network namespace alive', async () => {
  const other = await openBench()
  const name = await other.addNetns('i-other')
  const inode = (await stat(`/run/netns/${name}`)).ino
  await apply(instancePlan(netns, ''))
  await other.close()
  // A namespace that something still holds shows up in some process's mount table.
  for (const pid of await processesOf(instancePlan(netns, '').uid)) {
    expect(await readFile(`/proc/${pid}/mountinfo`, 'utf8')).not.toContain(`net:[${inode}]`)
  }
})

test('a home stays over boots, and goes when the disk is another one', async () => {
  const script =
    '#!/bin/sh\nls -A >>.seen\ntouch kept; ln -s /proc/1 out; echo "files: $(ls -A | wc -l) boots: $(grep -c kept .seen)"\n'
  const plan = instancePlan(netns, script)
  await apply(plan)
  await consoleWith(/^files: 3 boots: 0$/m)
  await apply({ ...plan, boot: 2 })
  await consoleWith(/^files: 3 boots: 1$/m)
  await apply({ ...plan, running: false, disk: 'd-second', boot: 2 })
  const home = join(bench.directory, 'instances', 'i-test', 'home')
  // Not before the start, so that a disk that is replaced twice costs as much as one.
  expect(existsSync(join(home, 'kept'))).toBe(true)
  await apply({ ...plan, disk: 'd-second', boot: 3 })
  await eventually(async () => {
    const [, last] = [...(await consoleText()).matchAll(/^files: 3 boots: 0$/gm)]
    return last
  }, 'a third boot that finds nothing')
  await apply({ ...plan, disk: 'd-second', boot: 4 })
  await eventually(async () => {
    const [, last] = [...(await consoleText()).matchAll(/^files: 3 boots: 1$/gm)]
    return last
  }, 'a fourth boot that finds what the third left')
})

test('the key of its pair is among the keys of the user from the next boot on, beside those the tenant put there', async () => {
  const plan = instancePlan(netns, "#!/bin/sh\necho \"keys: $(tr '\\n' '|' <.ssh/authorized_keys)\"\n")
  await apply({ ...plan, publicKey: 'ssh-ed25519 AAAA' })
  await consoleWith(/^keys: ssh-ed25519 AAAA key-pair\|$/m)
  const home = join(bench.directory, 'instances', 'i-test', 'home')
  const keys = join(home, '.ssh', 'authorized_keys')
  expect((await stat(keys)).mode & 0o777).toBe(0o600)
  await appendFile(keys, 'ssh-rsa BBBB the tenant\n')
  await apply({ ...plan, publicKey: 'ssh-ed25519 CCCC', boot: 2 })
  await consoleWith(/^keys: ssh-rsa BBBB the tenant\|ssh-ed25519 CCCC key-pair\|$/m)
  await apply({ ...plan, boot: 3 })
  await consoleWith(/^keys: ssh-rsa BBBB the tenant\|$/m)
})
