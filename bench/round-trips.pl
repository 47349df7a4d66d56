# Datagrams of 64 bytes.
#
#   echo PORT                       sends each back
#   ask HOST PORT MANY SECONDS      keeps so many under way; prints round trips, lost ones, seconds, median and 99th percentile in µs
#   count PORT                      prints how many came, once none has come for half a second
#   flood HOST PORT SECONDS         sends as fast as it can; prints how many
use strict; use IO::Socket::INET; use Socket; use Time::HiRes qw(clock_gettime CLOCK_MONOTONIC);
my ($role, @where) = @ARGV;
my $size = 64;
$| = 1;

if ($role eq 'echo') { echo(open_socket(LocalPort => $where[0])) }
elsif ($role eq 'ask') { ask(open_socket(PeerAddr => $where[0], PeerPort => $where[1]), @where[2, 3]) }
elsif ($role eq 'count') { count(open_socket(LocalPort => $where[0])) }
else { flood(open_socket(PeerAddr => $where[0], PeerPort => $where[1]), $where[2]) }

sub open_socket {
  my $socket = IO::Socket::INET->new(Proto => 'udp', @_) or die "socket: $!";
  $socket->sockopt(SO_RCVBUF, 8 << 20);
  print "ready\n" if $role eq 'echo' or $role eq 'count';
  return $socket;
}

sub now { return clock_gettime(CLOCK_MONOTONIC) }

sub wait_at_most {
  my ($socket, $seconds) = @_;
  setsockopt $socket, SOL_SOCKET, SO_RCVTIMEO, pack 'l!l!', int $seconds, ($seconds - int $seconds) * 1e6
    or die "setsockopt: $!";
}

sub echo {
  my ($socket) = @_;
  while (1) {
    my $peer = recv $socket, my $data, 2048, 0;
    send $socket, $data, 0, $peer if $peer;
  }
}

sub ask {
  my ($socket, $many, $seconds) = @_;
  wait_at_most($socket, 0.2);
  my ($under_way, $lost, @took) = (0, 0);
  my $start = now();
  my $end = $start + $seconds;
  my $at = $start;
  while ($at < $end) {
    for (; $under_way < $many; $under_way++) { syswrite $socket, pack "d x@{[$size - 8]}", now() or die "send: $!" }
    if (sysread $socket, my $data, 2048) {
      $at = now();
      push @took, $at - unpack 'd', $data;
      # One that was given up may come late.
      $under_way-- if $under_way > 0;
    } else {
      ($lost, $under_way, $at) = ($lost + $under_way, 0, now());
    }
  }
  my $lasted = $at - $start;
  @took = sort { $a <=> $b } @took;
  printf "%d %d %.3f %.1f %.1f\n", scalar @took, $lost, $lasted, map { $took[$_ * @took] * 1e6 } 0.5, 0.99;
}

sub count {
  my ($socket) = @_;
  my $came = 0;
  $came++ if sysread $socket, my $first, 2048;
  wait_at_most($socket, 0.5);
  $came++ while sysread $socket, my $data, 2048;
  print "$came\n";
}

sub flood {
  my ($socket, $seconds) = @_;
  my $data = 'x' x $size;
  my $sent = 0;
  my $start = now();
  my $end = $start + $seconds;
  while (now() < $end) {
    for (1 .. 64) { $sent++ if syswrite $socket, $data }
  }
  printf "%d %.3f\n", $sent, now() - $start;
}
