/** What runs in the instances: Perl as it is on every Debian machine (perl-base). */

/**
 * User data: listens on TCP and UDP ports, given as `tcp/80`, and answers each line or datagram with the host's name,
 * a space and the peer's address. It comes back when it ends, but not while there is a file `dead`; its process id is in
 * a file `server`.
 */
export function lineServer(...ports: readonly string[]): string {
  return `#!/bin/sh
while :; do
  if ! [ -e dead ]; then
    perl -e '${server}' "$(uname -n)" ${ports.join(' ')} &
    echo $! >server
    wait
  fi
  sleep 0.1
done
`
}

const server = String.raw`
  use strict; use IO::Socket::INET; use IO::Select;
  my ($name, @ports) = @ARGV;
  $SIG{PIPE} = "IGNORE";
  my $all = IO::Select->new;
  my (%udp, %listens);
  for (@ports) {
    my ($protocol, $port) = split m{/};
    my @listen = $protocol eq "tcp" ? (Listen => 256, ReuseAddr => 1) : ();
    my $socket = IO::Socket::INET->new(Proto => $protocol, LocalPort => $port, @listen) or die "$_: $!";
    $protocol eq "tcp" ? ($listens{$socket} = 1) : ($udp{$socket} = 1);
    $all->add($socket);
  }
  while (1) {
    for my $socket ($all->can_read) {
      if ($listens{$socket}) {
        my $client = $socket->accept or next;
        $all->add($client);
      } elsif ($udp{$socket}) {
        defined $socket->recv(my $data, 2048) or next;
        $socket->send("$name " . $socket->peerhost . "\n");
      } else {
        my $got = sysread $socket, my $data, 65536;
        if ($got) {
          syswrite $socket, "$name " . ($socket->peerhost // "?") . "\n";
        } else {
          $all->remove($socket);
          close $socket;
        }
      }
    }
  }
`

/**
 * User data: listens on TCP ports and answers the first bytes of each connection with their PROXY header in hexadecimal,
 * a space and what came after it, and every line after that with itself.
 */
export function headerServer(...ports: readonly number[]): string {
  return `#!/bin/sh
exec perl -e '${headers}' ${ports.join(' ')}
`
}

const headers = String.raw`
  use strict; use IO::Socket::INET;
  $SIG{CHLD} = "IGNORE"; $SIG{PIPE} = "IGNORE";
  shift while @ARGV > 1 and !fork;
  my $server = IO::Socket::INET->new(LocalPort => shift, Listen => 256, ReuseAddr => 1) or die $!;
  while (1) {
    my $client = $server->accept or next;
    next if fork;
    my ($got, $length) = ("", 16);
    while (length $got < $length + 1) {
      sysread $client, $got, 65536, length $got or exit;
      $length = 16 + unpack "n", substr $got, 14, 2 if length $got >= 16;
    }
    syswrite $client, unpack("H*", substr $got, 0, $length) . " " . substr $got, $length;
    while (sysread $client, my $more, 65536) { syswrite $client, $more }
    exit;
  }
`

const statuses = String.raw`
  use strict; use IO::Socket::INET;
  my $name = shift;
  $SIG{PIPE} = "IGNORE";
  my $server = IO::Socket::INET->new(LocalPort => 80, Listen => 256, ReuseAddr => 1) or die $!;
  while (1) {
    my $client = $server->accept or next;
    my $line = <$client>;
    next unless defined $line;
    if ($line =~ m{^(HEAD|GET) /healthy}) {
      while (<$client>) { last if /^\r?\n/ }
      my $status = -e "status" ? do { open my $file, "<", "status"; <$file> } : 200;
      chomp $status;
      print $client "HTTP/1.1 $status x\r\nContent-Length: 0\r\n\r\n";
    } else {
      print $client "$name ok\n";
    }
    close $client;
  }
`

/** User data: an HTTP server that answers `/healthy` with the status in its file `status` (200 without one), all else with its name. */
export const statusServer = `#!/bin/sh
exec perl -e '${statuses}' "$(uname -n)"
`

/** Tries all targets, such as `tcp/10.0.0.1/80`, at once; prints for each the name that answered, or `-`. */
export function tryCommand(targets: readonly string[], seconds = 1): string[] {
  return ['perl', '-e', trying, String(seconds), ...targets]
}

const trying = String.raw`
  use strict; use IO::Socket::INET; use IO::Select;
  my ($seconds, @targets) = @ARGV;
  $SIG{PIPE} = "IGNORE";
  my $reads = IO::Select->new; my $writes = IO::Select->new;
  my (%of, %answer);
  for my $target (@targets) {
    my ($protocol, $host, $port) = split m{/}, $target;
    my $socket = IO::Socket::INET->new(Proto => $protocol, PeerAddr => $host, PeerPort => $port, Blocking => 0) or next;
    $of{$socket} = $target;
    $writes->add($socket);
  }
  my $end = time + $seconds + 1;
  while (time < $end and $reads->count + $writes->count) {
    my ($in, $out) = IO::Select::select($reads, $writes, undef, $end - time) or last;
    for my $socket (@$out) {
      $writes->remove($socket);
      $reads->add($socket) if syswrite $socket, "hello\n";
    }
    for my $socket (@$in) {
      $reads->remove($socket);
      sysread $socket, my $data, 2048 or next;
      $answer{$of{$socket}} = $1 if $data =~ /^(\S+)/;
    }
  }
  print "$_ ", $answer{$_} // "-", "\n" for @targets;
`

/**
 * One connection on which line follows line, or a new connection for each; prints a line for every answer, and one that
 * starts with `cut` when there is none, after which a held connection ends.
 */
export function beatCommand(kind: 'held' | 'new', host: string, port = 80): string[] {
  return ['perl', '-e', beating, kind, host, String(port)]
}

const beating = String.raw`
  use strict; use IO::Socket::INET;
  my ($kind, $host, $port) = @ARGV;
  $| = 1; $SIG{PIPE} = "IGNORE";
  my $socket;
  while (1) {
    $socket //= IO::Socket::INET->new(PeerAddr => $host, PeerPort => $port, Timeout => 5);
    my $buffer = "";
    my $got = $socket && syswrite($socket, "hello\n") ? sysread $socket, $buffer, 2048 : undef;
    if ($got) { print $buffer } else { print "cut: ", $! ? "$!" : "end of stream", "\n"; exit if $kind eq "held" }
    undef $socket if $kind eq "new" or !$got;
    select undef, undef, undef, 0.01;
  }
`

/** Datagrams from one port without a pause longer than 20 ms, whatever comes back; prints every answer. */
export function datagramCommand(host: string, port: number): string[] {
  return ['perl', '-e', chattering, host, String(port)]
}

const chattering = String.raw`
  use strict; use IO::Socket::INET;
  my ($host, $port) = @ARGV;
  $| = 1;
  my $socket = IO::Socket::INET->new(Proto => "udp", PeerAddr => $host, PeerPort => $port) or die $!;
  while (1) {
    send $socket, "hello
", 0;
    vec(my $in = "", fileno $socket, 1) = 1;
    select $in, undef, undef, 0.02 or next;
    defined recv $socket, my $answer, 2048, 0 or next;
    print $answer;
    select undef, undef, undef, 0.01;
  }
`

/** The command, left running in the instance with its output in a file of the home. */
export function inBackground(file: string, command: readonly string[]): string[] {
  return ['sh', '-c', 'file=$1; shift; setsid "$@" >"$file" 2>&1 </dev/null &', 'sh', file, ...command]
}

/** Sends an ICMP echo request to each address and prints those that answered. For root: it opens a raw socket. */
export function pingCommand(addresses: readonly string[], seconds = 1): string[] {
  return ['perl', '-e', pinging, String(seconds), ...addresses]
}

const pinging = String.raw`
  use strict; use Socket;
  my ($seconds, @addresses) = @ARGV;
  socket my $socket, PF_INET, SOCK_RAW, 1 or die "socket: $!";
  my $id = $$ & 0xffff;
  my $sum = 0x0800 + $id;
  $sum = ($sum & 0xffff) + ($sum >> 16);
  my $echo = pack "CCnnn", 8, 0, ~$sum & 0xffff, $id, 0;
  send $socket, $echo, 0, pack_sockaddr_in(0, inet_aton($_)) for @addresses;
  my $end = time + $seconds + 1;
  my %seen;
  while (time < $end and keys %seen < @addresses) {
    vec(my $in = "", fileno $socket, 1) = 1;
    select $in, undef, undef, $end - time or last;
    my $from = recv $socket, my $packet, 2048, 0;
    my ($type, undef, undef, $got) = unpack "CCnn", substr $packet, 4 * (ord($packet) & 15);
    next unless $type == 0 and $got == $id;
    my $address = inet_ntoa((unpack_sockaddr_in $from)[1]);
    print "$address\n" unless $seen{$address}++;
  }
`

const ends = String.raw`
  use strict; use IO::Socket::INET;
  my $name = shift;
  $SIG{CHLD} = "IGNORE"; $SIG{PIPE} = "IGNORE";
  my $server = IO::Socket::INET->new(LocalPort => 80, Listen => 256, ReuseAddr => 1) or die $!;
  while (1) {
    my $client = $server->accept or next;
    next if fork;
    # Health checks say nothing.
    sysread $client, my $first, 65536 or exit;
    syswrite $client, "$name\n";
    while (1) {
      my $got = sysread $client, my $data, 65536;
      if ($got) { syswrite $client, "$name\n"; next }
      open my $file, ">>", "ends" or die $!;
      print $file defined $got ? "end\n" : "reset\n";
      exit;
    }
  }
`

/**
 * User data: answers each line of a connection with the host's name, and notes in a file `ends` how it ends: `reset`, or
 * `end` when the client closed.
 */
export const endServer = `#!/bin/sh
exec perl -e '${ends}' "$(uname -n)"
`

/** Says one line, prints the name that answers, and then how the connection ends and after how many seconds. */
export function endCommand(host: string): string[] {
  return ['perl', '-e', ending, host]
}

const ending = String.raw`
  use strict; use IO::Socket::INET; use Time::HiRes "time";
  $| = 1;
  my $socket = IO::Socket::INET->new(PeerAddr => shift, PeerPort => 80, Timeout => 5) or die $!;
  syswrite $socket, "hello\n";
  sysread $socket, my $name, 2048;
  print $name;
  my $start = time;
  my $got = sysread $socket, my $more, 2048;
  printf "%s %.1f\n", defined $got ? "end" : $!{ECONNRESET} ? "reset" : "$!", time - $start;
`

/** The same, but it says a line every millisecond. */
export function steadyCommand(host: string): string[] {
  return ['perl', '-e', steady, host]
}

const steady = String.raw`
  use strict; use IO::Socket::INET; use Time::HiRes "time";
  $| = 1; $SIG{PIPE} = "IGNORE";
  my $socket = IO::Socket::INET->new(PeerAddr => shift, PeerPort => 80, Timeout => 5) or die $!;
  syswrite $socket, "hello
";
  sysread $socket, my $name, 2048;
  print $name;
  my ($start, $got) = (time, 1);
  while (defined syswrite $socket, "hello
") {
    vec(my $in = "", fileno $socket, 1) = 1;
    select $in, undef, undef, 0.001 or next;
    $got = sysread $socket, my $more, 65536 or last;
  }
  printf "%s %.1f
", defined $got && $got == 0 ? "end" : $!{ECONNRESET} ? "reset" : "$!", time - $start;
`

/**
 * For root, in a network namespace: prints for each TCP segment with data that arrives from or at port 80 when the kernel got it, in seconds
 * since 1970. What a program notes itself is late on a busy machine.
 */
export function arrivalsCommand(): string[] {
  return ['perl', '-e', arrivals]
}

const arrivals = String.raw`
  use strict; use Socket;
  $| = 1;
  my ($AF_PACKET, $ETH_P_IP, $SIOCGSTAMP, $outgoing) = (17, 0x0800, 0x8906, 4);
  socket my $socket, $AF_PACKET, SOCK_DGRAM, unpack "S", pack "n", $ETH_P_IP or die "socket: $!";
  # Asked for once, the kernel notes the times.
  my $stamp = pack "l!l!", 0, 0;
  ioctl $socket, $SIOCGSTAMP, $stamp;
  print "ready
";
  while (defined(my $from = recv $socket, my $packet, 2048, 0)) {
    next if (unpack "SniSC", $from)[4] == $outgoing;
    my ($head, $total, $protocol) = (4 * (ord($packet) & 15), unpack "x2n x5C", $packet);
    my ($source, $target, $offset) = unpack "nnx8C", substr $packet, $head;
    next unless $protocol == 6 and ($source == 80 or $target == 80) and $total > $head + 4 * ($offset >> 4);
    ioctl $socket, $SIOCGSTAMP, $stamp or next;
    printf "%d.%06d
", unpack "l!l!", $stamp;
  }
`

/**
 * Datagrams with the beginning of a QUIC packet: for each connection id, one of a handshake and three of an open
 * connection, each from a port of its own. Prints for each id the names that answered.
 */
export function quicCommand(host: string, port: number, from: number, ids: readonly string[]): string[] {
  return ['perl', '-e', quic, host, String(port), String(from), ...ids]
}

const quic = String.raw`
  use strict; use IO::Socket::INET;
  my ($host, $port, $from, @ids) = @ARGV;
  for my $id (@ids) {
    my @names;
    for my $long (1, 0, 0, 0) {
      my $socket = IO::Socket::INET->new(Proto => "udp", LocalPort => $from++, PeerAddr => $host, PeerPort => $port) or die $!;
      $socket->send($long ? pack("CNC", 0xc0, 1, 8) . $id . "rest" : pack("C", 0x40) . $id . rand);
      my $data = "-";
      eval { local $SIG{ALRM} = sub { die }; alarm 2; $socket->recv($data, 2048); alarm 0 };
      push @names, $data =~ /^(\S+)/;
    }
    print "@names\n";
  }
`

const web = String.raw`
  use strict; use IO::Socket::INET;
  my ($name, $port) = @ARGV;
  $SIG{CHLD} = "IGNORE"; $SIG{PIPE} = "IGNORE";
  my $server = IO::Socket::INET->new(LocalPort => $port, Listen => 256, ReuseAddr => 1) or die $!;
  while (1) {
    my $client = $server->accept or next;
    next if fork;
    while (1) {
      my ($head, $line) = ("");
      while (defined($line = <$client>) and $line ne "\r\n") { $head .= $line }
      exit unless defined $line;
      my $body = "$name " . $client->peerhost . "\n$head";
      my $length = length $body;
      $body = "" if $head =~ /^HEAD/;
      my $cookie = $head =~ m{^GET /login} ? "Set-Cookie: sid=member; Path=/\r\n" : "";
      my $status = "200 OK";
      if ($head =~ m{^[A-Z]+ /healthy } and open my $file, "<", "status") { $status = <$file>; chomp $status }
      print $client "HTTP/1.1 $status\r\n", $cookie, "Content-Type: text/plain\r\nContent-Length: $length\r\n\r\n$body";
      $client->flush;
    }
  }
`

/** User data: an HTTP server that answers with its name and its peer's address, and after these the request's head; at /login it sets the cookie `sid`, and /healthy has the status in its file `status`. */
export function webServerAt(port: number): string {
  return `#!/bin/sh
exec perl -e '${web}' "$(uname -n)" ${port}
`
}

export const webServer = webServerAt(80)

/**
 * Request after request, on a connection of its own each or all on one; prints a line for every answer, and one that starts
 * with `cut` for each that did not come or was no 200.
 */
export function requestCommand(kind: 'held' | 'new', host: string): string[] {
  return ['perl', '-e', requesting, kind, host]
}

const requesting = String.raw`
  use strict; use IO::Socket::INET;
  my ($kind, $host) = @ARGV;
  $| = 1; $SIG{PIPE} = "IGNORE";
  my $socket;
  while (1) {
    my $fresh = !$socket;
    $socket //= IO::Socket::INET->new(PeerAddr => $host, PeerPort => 80, Timeout => 5);
    print "cut: no connection\n" and next unless $socket;
    syswrite $socket, "GET / HTTP/1.1\r\nHost: web\r\n\r\n";
    my $head = "";
    while (defined(my $line = <$socket>)) { last if $line eq "\r\n"; $head .= $line }
    if ($head =~ m{^HTTP/1.1 200} and $head =~ /content-length: (\d+)/i and read($socket, my $body, $1) == $1) {
      print $body =~ /^(\S+)/, "\n";
    } else {
      print "cut: ", ($fresh ? "fresh" : "used"), " [$head]\n"; undef $socket;
    }
    undef $socket if $kind eq "new" or $head =~ /^connection: close/mi;
    select undef, undef, undef, 0.005;
  }
`

/** User data: all of these, side by side. */
export function together(...servers: readonly string[]): string {
  const commands = servers.map((text) => `(${text.replace('#!/bin/sh\n', '').trim()}) &`)
  return ['#!/bin/sh', ...commands, 'wait', ''].join('\n')
}

/** Sends a datagram from each of so many ports in turn, and waits for no answer. */
export function burstCommand(host: string, port: number, from: number, count: number): string[] {
  return ['perl', '-e', bursting, host, String(port), String(from), String(count)]
}

const bursting = String.raw`
  use strict; use IO::Socket::INET;
  my ($host, $port, $from, $count) = @ARGV;
  my $to = pack_sockaddr_in($port, inet_aton($host));
  for ($from .. $from + $count - 1) {
    my $socket = IO::Socket::INET->new(Proto => "udp", LocalPort => $_) or die "$_: $!";
    $socket->send("x", 0, $to) or die "$_: $!";
  }
`

/** Sends datagrams as fast as it can for so many seconds. */
export function floodCommand(host: string, port: number, seconds: number): string[] {
  return ['perl', '-e', flooding, host, String(port), String(seconds)]
}

const flooding = String.raw`
  use strict; use IO::Socket::INET;
  my ($host, $port, $seconds) = @ARGV;
  my $socket = IO::Socket::INET->new(Proto => "udp", PeerAddr => $host, PeerPort => $port) or die $!;
  my ($end, $data) = (time + $seconds, "x" x 1400);
  while (time < $end) { $socket->send($data) for 1 .. 100 }
`

/** User data: sends each datagram back. */
export function echoServer(port: number): string {
  return `#!/bin/sh
exec perl -e '${echoing}' ${port}
`
}

const echoing = String.raw`
  use strict; use IO::Socket::INET;
  my $socket = IO::Socket::INET->new(Proto => "udp", LocalPort => shift) or die $!;
  while (1) { $socket->send($_) if defined $socket->recv($_, 65536) }
`

/** Sends a datagram of each size, one after the other, and prints whether it came back `whole`. */
export function echoCommand(host: string, port: number, sizes: readonly string[]): string[] {
  return ['perl', '-e', echoed, host, String(port), ...sizes]
}

const echoed = String.raw`
  use strict; use IO::Socket::INET;
  my ($host, $port, @sizes) = @ARGV;
  my $socket = IO::Socket::INET->new(Proto => "udp", PeerAddr => $host, PeerPort => $port);
  for my $size (@sizes) {
    my $sent = join "", map { chr int rand 256 } 1 .. $size;
    my ($got, $in) = ("", "");
    $socket->send($sent);
    vec($in, fileno $socket, 1) = 1;
    $socket->recv($got, 65536) if select $in, undef, undef, 2;
    print "$size ", $got eq $sent ? "whole" : "lost", "\n";
  }
`

/** Sends an ICMP echo request and prints type and code of the ICMP message that it is answered with, or `none`. For root. */
export function pingAnswerCommand(address: string): string[] {
  return ['perl', '-e', pingAnswer, address]
}

const pingAnswer = String.raw`
  use strict; use Socket;
  socket my $socket, PF_INET, SOCK_RAW, 1 or die "socket: $!";
  my $id = $$ & 0xffff;
  my $sum = 0x0800 + $id;
  $sum = ($sum & 0xffff) + ($sum >> 16);
  send $socket, pack("CCnnn", 8, 0, ~$sum & 0xffff, $id, 0), 0, pack_sockaddr_in(0, inet_aton(shift));
  vec(my $in = "", fileno $socket, 1) = 1;
  print "none" and exit unless select $in, undef, undef, 2;
  recv $socket, my $packet, 2048, 0;
  print join(" ", unpack "CC", substr $packet, 4 * (ord($packet) & 15)), "\n";
`

/**
 * Opens so many connections, that many in a second, and keeps all. Prints how many were answered, how many were not, and from how
 * many addresses they came, as the server (`lineServer`) saw it; keeps them open for so many seconds more.
 */
export function crowdCommand(host: string, count: number, perSecond: number, keepS = 0): string[] {
  return ['perl', '-e', crowd, host, String(count), String(perSecond), String(keepS)]
}

const crowd = String.raw`
  use strict; use IO::Socket::INET;
  my ($host, $count, $rate, $keep) = @ARGV;
  $| = 1;
  my ($answered, $failed, @kept, %sources) = (0, 0);
  for (1 .. $count) {
    my $socket = IO::Socket::INET->new(PeerAddr => $host, PeerPort => 80, Proto => "tcp", Timeout => 2);
    my $line;
    if ($socket) {
      push @kept, $socket;
      syswrite $socket, "x\n";
      my $ready = ""; vec($ready, fileno $socket, 1) = 1;
      $line = <$socket> if select $ready, undef, undef, 2;
    }
    if ($line && $line =~ / (\S+)$/) { $answered++; $sources{$1} = 1 } else { $failed++ }
    select undef, undef, undef, 1 / $rate;
  }
  printf "%d answered, %d failed, %d sources\n", $answered, $failed, scalar keys %sources;
  sleep $keep;
`

/** Sends so many datagrams of 1,400 bytes as fast as it can, by one flow. */
export function datagramBurstCommand(host: string, port: number, count: number): [string, ...string[]] {
  return ['perl', '-e', datagramBurst, host, String(port), String(count)]
}

const datagramBurst = String.raw`
  use strict; use IO::Socket::INET;
  my ($host, $port, $count) = @ARGV;
  my $socket = IO::Socket::INET->new(Proto => "udp", PeerAddr => $host, PeerPort => $port);
  $socket->send("x" x 1400) for 1 .. $count;
`
