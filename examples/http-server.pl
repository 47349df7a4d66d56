#!/usr/bin/perl
# User data of an instance: a web server on port 80 that answers every request with the host's name. It needs only
# what is on every Debian machine (perl-base), serves many connections at once and keeps them open (HTTP/1.1).
use strict;
use warnings;
use IO::Socket::INET;
use IO::Select;

my $port = shift // 80;
open my $file, '<', '/etc/hostname' or die "hostname: $!";
chomp(my $name = <$file>);
my $answer = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: " . (length($name) + 1);
my %answers = (
    keep  => "$answer\r\n\r\n$name\n",
    close => "$answer\r\nConnection: close\r\n\r\n$name\n",
);

my $server = IO::Socket::INET->new(LocalPort => $port, Listen => 1024, ReuseAddr => 1) or die "port $port: $!";
$server->blocking(0);
$SIG{PIPE} = 'IGNORE';
my $sockets = IO::Select->new($server);
my %request;
print "$name serves port $port\n";

while (1) {
    for my $socket ($sockets->can_read) {
        if ($socket == $server) {
            while (my $client = $server->accept) { $sockets->add($client) }
            next;
        }
        my $count = sysread $socket, $request{$socket}, 65536, length($request{$socket} // '');
        my $open = $count && length $request{$socket} < 1 << 20;
        while ($open && $request{$socket} =~ s/^(.*?)\r?\n\r?\n//s) {
            my $head = $1;
            $open = $head =~ m{HTTP/1\.1} && $head !~ /^connection:\s*close/im;
            syswrite $socket, $answers{ $open ? 'keep' : 'close' };
        }
        next if $open;
        delete $request{$socket};
        $sockets->remove($socket);
        close $socket;
    }
}
