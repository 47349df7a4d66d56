/** Programs, in Perl, that look at what the kernel has learnt of the way of a flow. Servers say a line when they listen. */

/** Answers `segments` with the most that it sends at once, and takes or gives as many bytes as it is told. */
export function flowServer(port: number): string[] {
  return ['perl', '-e', serving, String(port)]
}

const common = String.raw`
  use strict; use IO::Socket::INET; use Socket qw(IPPROTO_TCP);
  $| = 1; $SIG{PIPE} = "IGNORE";
  sub segment { unpack "i", getsockopt $_[0], IPPROTO_TCP, 2 }
  sub take {
    my ($socket, $count) = @_;
    my $got = 0;
    while ($got < $count) { $got += sysread($socket, my $data, $count - $got) || last }
    return $got;
  }
`

const serving = String.raw`
  ${common}
  $SIG{CHLD} = "IGNORE";
  my $server = IO::Socket::INET->new(LocalPort => shift, Listen => 16, ReuseAddr => 1) or die $!;
  print "listens\n";
  while (1) {
    my $client = $server->accept or next;
    next if fork;
    while (sysread $client, my $order, 100) {
      my ($verb, $count) = split " ", $order;
      if ($verb eq "segments") { syswrite $client, segment($client) . "\n" }
      if ($verb eq "up") { syswrite $client, "go\n"; syswrite $client, take($client, $count) . "\n" }
      if ($verb eq "down") { syswrite $client, "x" x $count }
    }
    exit;
  }
`

/**
 * A flow to such a server that does what its input says: `segments` prints the largest of both ends, `up N` and `down N` how many
 * bytes arrived, which is fewer than N when the flow stood still.
 */
export function flow(host: string, port: number): string[] {
  return ['perl', '-e', flowing, host, String(port)]
}

const flowing = String.raw`
  ${common}
  my ($host, $port) = @ARGV;
  my $socket = IO::Socket::INET->new(PeerAddr => $host, PeerPort => $port, Timeout => 5) or die $!;
  $SIG{ALRM} = sub { print "stood still\n"; exit };
  while (defined(my $order = <STDIN>)) {
    my ($verb, $count) = split " ", $order;
    alarm 8;
    syswrite $socket, $order;
    if ($verb eq "down") { print take($socket, $count), "\n" }
    else {
      sysread $socket, my $answer, 100;
      if ($verb eq "up") {
        syswrite $socket, "x" x $count;
        sysread $socket, $answer, 100;
        print $answer;
      } else { print segment($socket), " $answer" }
    }
    alarm 0;
  }
`

/** Answers a datagram with as many bytes as the number in it says. Its system chooses how: whole, or in fragments. */
export function datagramServer(port: number): string[] {
  return ['perl', '-e', answering, String(port)]
}

const answering = String.raw`
  use strict; use IO::Socket::INET;
  my $socket = IO::Socket::INET->new(Proto => "udp", LocalPort => shift) or die $!;
  $| = 1; print "listens\n";
  while (1) { $socket->send("x" x ($_ + 0)) if defined $socket->recv($_, 65536) }
`

/**
 * Sends datagrams that must not be taken apart, of the sizes that its input gives, each with the size that the answer is to have (or the
 * same). Prints what came of it and how wide the kernel holds the way to be.
 */
export function datagram(host: string, port: number): string[] {
  return ['perl', '-e', sending, host, String(port)]
}

const sending = String.raw`
  use strict; use IO::Socket::INET; use Errno "EMSGSIZE"; use Socket qw(IPPROTO_IP);
  my ($host, $port) = @ARGV;
  my ($discover, $do, $width) = (10, 2, 14);
  my $socket = IO::Socket::INET->new(Proto => "udp", PeerAddr => $host, PeerPort => $port) or die $!;
  setsockopt $socket, IPPROTO_IP, $discover, pack "i", $do;
  $| = 1;
  while (defined(my $line = <STDIN>)) {
    my ($size, $back) = split " ", $line;
    my $sent = ($back // $size - 28) . " ";
    $sent .= "." x ($size - 28 - length $sent);
    my ($in, $got, $told) = ("", "", "nothing came");
    if (!defined $socket->send($sent)) { $told = "too long" if $!{EMSGSIZE} }
    else {
      vec($in, fileno $socket, 1) = 1;
      if (select $in, undef, undef, 1) {
        $told = defined $socket->recv($got, 65536) ? "came back" : $!{EMSGSIZE} ? "too long" : "$!";
      }
    }
    print "$told, ", unpack("i", getsockopt $socket, IPPROTO_IP, $width), "\n";
  }
`
