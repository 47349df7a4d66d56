import { inside, output, type Exec } from './exec.ts'
import type { Direction } from './nft/flow-list.ts'

/** A bare acknowledgement, and the device and address by which it goes out. */
export interface Segment extends Direction {
  readonly device: string
  readonly mac: string
}

/** Past all rules and past conntrack, which would take it for the beginning of a flow. */
export async function spoofAcknowledgements(
  exec: Exec,
  netns: string,
  segments: readonly Segment[],
): Promise<void> {
  const lines = segments.map(({ device, mac, from, fromPort, to, toPort }) =>
    [device, mac, from, fromPort, to, toPort].join(' '),
  )
  await output(exec, inside(netns, ['perl', '-e', program]), `${lines.join('\n')}\n`)
}

/** Node has no raw sockets; Perl is on every Debian machine (perl-base). */
const program = String.raw`
  use strict; use Socket;
  my ($AF_PACKET, $ETH_P_IP, $SIOCGIFINDEX) = (17, 0x0800, 0x8933);
  socket(my $socket, $AF_PACKET, SOCK_DGRAM, 0) or die "socket: $!";
  sub sum {
    my $sum = 0;
    $sum += $_ for unpack "n*", $_[0];
    $sum = ($sum & 0xffff) + ($sum >> 16) while $sum >> 16;
    return ~$sum & 0xffff;
  }
  while (<STDIN>) {
    my ($device, $mac, $from, $from_port, $to, $to_port) = split;
    my $request = pack "a16 x24", $device;
    ioctl $socket, $SIOCGIFINDEX, $request or next;
    my $index = unpack "x16 i", $request;
    my ($source, $target) = (inet_aton($from), inet_aton($to));
    my $tcp = sub { pack "nnNNnnnn", $from_port, $to_port, 0, 0, 0x5010, 0, $_[0], 0 };
    my $segment = $tcp->(sum($source . $target . pack("nn", 6, 20) . $tcp->(0)));
    my $ip = sub { pack "nnnnnna4a4", 0x4500, 40, 0, 0x4000, 0x4006, $_[0], $source, $target };
    my $packet = $ip->(sum($ip->(0))) . $segment;
    my $address = pack "SniSCCa8", $AF_PACKET, $ETH_P_IP, $index, 0, 0, 6, join "", map { chr hex } split /:/, $mac;
    send $socket, $packet, 0, $address;
  }
`
