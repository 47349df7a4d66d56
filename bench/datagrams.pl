# Datagrams of 1,472 bytes, so many Mbit/s of them, in one direction. Who receives prints ten times a second how many bytes came.
#
#   receive PORT            send HOST PORT MBIT        from the client to the server
#   answer PORT MBIT        ask HOST PORT              from the server to the client, once it has asked
#
# Segmentation offload hands the kernel many at once, as a fast sender does.
use strict; use IO::Socket::INET; use Time::HiRes qw(clock_gettime CLOCK_MONOTONIC sleep);
my ($role, @where) = @ARGV;
my ($udp, $segment, $gather, $size, $many) = (17, 103, 104, 1472, 40);
$| = 1;

if ($role eq 'receive') { receive(open_socket(LocalPort => $where[0])) }
elsif ($role eq 'send') { give(open_socket(PeerAddr => $where[0], PeerPort => $where[1]), $where[2]) }
elsif ($role eq 'ask') {
  my $socket = open_socket(PeerAddr => $where[0], PeerPort => $where[1]);
  $socket->send('go');
  receive($socket);
} else {
  my $socket = open_socket(LocalPort => $where[0]);
  my $peer = $socket->recv(my $word, 100);
  connect $socket, $peer or die "connect: $!";
  give($socket, $where[1]);
}

sub open_socket {
  my $socket = IO::Socket::INET->new(Proto => 'udp', @_) or die "socket: $!";
  $socket->sockopt(SO_RCVBUF, 8 << 20);
  print "ready\n" if $role eq 'receive' or $role eq 'answer';
  return $socket;
}

sub receive {
  my ($socket) = @_;
  setsockopt $socket, $udp, $gather, pack 'i', 1 or die "setsockopt: $!";
  my ($bytes, $next) = (0, 0);
  while (defined $socket->recv(my $data, 65536)) {
    $bytes += length $data;
    my $now = clock_gettime(CLOCK_MONOTONIC);
    next if $now < $next;
    printf "%d %.3f\n", $bytes, $now * 1000;
    $next = $now + 0.1;
  }
}

sub give {
  my ($socket, $mbit) = @_;
  setsockopt $socket, $udp, $segment, pack 'i', $size or die "setsockopt: $!";
  my $data = 'x' x ($size * $many);
  my $pause = length($data) * 8 / ($mbit * 1e6);
  my $due = clock_gettime(CLOCK_MONOTONIC);
  while (1) {
    # A full queue refuses: that is what is measured.
    $socket->send($data);
    $due += $pause;
    my $wait = $due - clock_gettime(CLOCK_MONOTONIC);
    if ($wait > 0) { sleep $wait } elsif ($wait < -0.01) { $due -= $wait }
  }
}
