/** A web server that answers with the name of its instance, in what every instance has. */
export const webServer = `#!/bin/sh
exec perl -MIO::Socket::INET -e '
  my $name = shift;
  $SIG{PIPE} = "IGNORE"; # health checks connect and leave
  my $listener = IO::Socket::INET->new(LocalPort => 80, Listen => 64, ReuseAddr => 1) or die $!;
  while (my $client = $listener->accept) {
    while (<$client>) { last if /^\\r?$/ }
    print $client "HTTP/1.1 200 OK\\r\\nConnection: close\\r\\n\\r\\nHello from $name\\n";
    close $client;
  }' "$(uname -n)"`
