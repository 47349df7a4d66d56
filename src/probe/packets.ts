/** Real packets from inside an instance, sent by Perl as it is in every sandbox (perl-base). */
import { listeningPorts } from '../explain/application.ts'
import type { Run } from './run.ts'

/** `refused` is a reset or an ICMP error, `silent` nothing at all. */
export type Outcome = 'open' | 'refused' | 'silent'

export interface ProbeTarget {
  readonly address: string
  readonly port: number
}

export interface Probing {
  readonly run: Run
  readonly instance: string
  readonly protocol: 'tcp' | 'udp'
  readonly seconds: number
}

/** Outcomes in the order of the targets. @throws ExecError when the instance does not run. */
export async function probe(
  { run, instance, protocol, seconds }: Probing,
  targets: readonly ProbeTarget[],
): Promise<readonly Outcome[]> {
  const words = targets.map(({ address, port }) => `${address}/${port}`)
  const command = ['perl', '-e', program, protocol, String(seconds), ...words]
  const { code, stdout, stderr } = await run(instance, command)
  const outcomes = stdout.split('\n').filter(isOutcome)
  if (code !== 0 || outcomes.length !== targets.length) {
    throw new Error(`the probe in ${instance} ended with ${code}: ${stderr.trim()}`)
  }
  return outcomes
}

function isOutcome(text: string): text is Outcome {
  return text === 'open' || text === 'refused' || text === 'silent'
}

/** At most 100 at a time, so that neither the sandbox's files nor the network are exhausted. */
const program = String.raw`
  use strict; use IO::Socket::INET; use IO::Select; use Time::HiRes "time";
  my ($protocol, $seconds, @all) = @ARGV;
  $SIG{PIPE} = "IGNORE";
  while (my @targets = splice @all, 0, 100) {
    my ($reads, $writes) = (IO::Select->new, IO::Select->new);
    my (%of, @outcome);
    for my $index (0 .. $#targets) {
      my ($address, $port) = split m{/}, $targets[$index];
      my $socket = IO::Socket::INET->new(Proto => $protocol, PeerAddr => $address, PeerPort => $port, Blocking => 0);
      $outcome[$index] = $socket ? "silent" : "refused";
      next unless $socket;
      $of{$socket} = $index;
      if ($protocol eq "udp") { send $socket, "postern\n", 0; $reads->add($socket) } else { $writes->add($socket) }
    }
    my $end = time + $seconds;
    while ($reads->count + $writes->count and (my $left = $end - time) > 0) {
      my ($in, $out) = IO::Select::select($reads, $writes, undef, $left) or last;
      for my $socket (@$out) {
        $writes->remove($socket);
        $outcome[$of{$socket}] = $socket->sockopt(SO_ERROR) ? "refused" : "open";
        close $socket;
      }
      for my $socket (@$in) {
        $reads->remove($socket);
        $outcome[$of{$socket}] = defined recv($socket, my $data, 2048, 0) ? "open" : "refused";
        close $socket;
      }
    }
    print "$_\n" for @outcome;
  }
`

/** What the instance's resolver answers; nothing when the name does not resolve. */
export async function lookUp(run: Run, instance: string, name: string): Promise<readonly string[]> {
  const asking =
    'my @found = gethostbyname shift; print join(".", unpack "C4", $_), "\\n" for @found[4 .. $#found]'
  const { stdout } = await run(instance, ['perl', '-e', asking, name])
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .toSorted()
}

/** Ports on which something in the instance waits for others. @throws ExecError when it does not run. */
export async function openPorts(
  run: Run,
  instance: string,
  protocol: 'tcp' | 'udp',
): Promise<readonly number[]> {
  const files = [`/proc/net/${protocol}`, `/proc/net/${protocol}6`]
  const { stdout } = await run(instance, ['cat', ...files])
  return listeningPorts(stdout, protocol)
}
