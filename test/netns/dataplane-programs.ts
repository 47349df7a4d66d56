/** Sends a datagram from each of so many ports, beginning with one. */
export function datagramsCommand(
  host: string,
  port: number,
  from: number,
  count: number,
): [string, ...string[]] {
  return ['perl', '-e', datagrams, host, String(port), String(from), String(count)]
}

const datagrams = String.raw`
  use strict; use Socket;
  my ($host, $port, $from, $count) = @ARGV;
  my $to = pack_sockaddr_in($port, inet_aton($host));
  for (0 .. $count - 1) {
    socket my $socket, PF_INET, SOCK_DGRAM, 17 or die "socket: $!";
    bind $socket, pack_sockaddr_in($from + $_, INADDR_ANY) or die "bind: $!";
    # It may be told of a port that nobody has.
    send $socket, "x", 0, $to;
  }
`
