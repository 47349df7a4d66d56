/** What runs in the instances: the application of ECS2 and ECS3, and what ECS1 does with it. */

/**
 * The application, as UserData: answers every request with its host's name and keeps connections open. It listens on
 * 8080 too, so that what keeps 8080 from passing the link is the link and not an empty port.
 */
const webServer = String.raw`#!/bin/sh
exec perl -e '
  use strict; use IO::Socket::INET;
  my $name = shift;
  $SIG{CHLD} = "IGNORE";
  sub serve {
    my $connection = shift;
    my $request = "";
    while (sysread $connection, $request, 4096, length $request) {
      while ($request =~ s/^(.*?\r\n)\r\n//s) {
        my $last = $1 =~ /^Connection: close\r$/im;
        my $body = "$name\n";
        syswrite $connection, "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n"
          . ($last ? "Connection: close\r\n" : "")
          . "Content-Length: " . length($body) . "\r\n\r\n$body";
        return if $last;
      }
    }
  }
  sub listen_on {
    my $listener = IO::Socket::INET->new(LocalPort => shift, Listen => 128, ReuseAddr => 1) or die "listen: $!";
    while (1) {
      my $connection = $listener->accept or next;
      next if fork;
      $listener->close;
      serve($connection);
      exit;
    }
  }
  fork or listen_on(8080);
  listen_on(80);
' "$(uname -n)"
`

export const openPorts = [80, 8080] as const

/** The service's port, its neighbours, the application's second port, and what intruders try first. */
export const manyPorts = [22, 53, 79, 80, 81, 443, 3306, 8080, 65535] as const

export function applicationUserData(): string {
  return Buffer.from(webServer).toString('base64')
}

/** Prints the application's answer; fails when there is none within the time. */
export function fetchCommand(host: string, port = 80, seconds = 1): string[] {
  return [
    'curl',
    '--silent',
    '--show-error',
    '--fail',
    '--max-time',
    String(seconds),
    `http://${host}:${port}/`,
  ]
}

/** As many requests, each on a connection of its own; prints one answer a line. */
export function manyFetchesCommand(host: string, count: number): string[] {
  const options = ['--silent', '--show-error', '--fail', '--max-time', '10', '--header', 'Connection: close']
  return ['curl', ...options, `http://${host}/?[1-${count}]`]
}

/** Tries until the first answer. */
export function firstAnswerCommand(host: string, seconds: number): string[] {
  const fetch = `curl --silent --fail --max-time 0.25 http://${host}/`
  return ['timeout', String(seconds), 'sh', '-c', `until ${fetch}; do :; done`]
}

/** Which of the ports a TCP connection to the host can be opened on; prints them. All are tried at once. */
export function openPortsCommand(host: string, ports: readonly number[]): string[] {
  const script = [
    'host=$1; shift',
    'for port; do',
    '  (timeout 1 bash -c "exec 3<>/dev/tcp/$host/$port" 2>/dev/null && echo "$port") &',
    'done',
    'wait',
  ]
  return ['bash', '-c', script.join('\n'), 'bash', host, ...ports.map(String)]
}

/**
 * One connection on which request follows request. Prints `open` at the first answer, and how it ended; it never
 * connects again.
 */
export function heldConnectionCommand(host: string): string[] {
  const script = String.raw`
    use strict; use IO::Socket::INET;
    $| = 1; $SIG{PIPE} = "IGNORE"; alarm 20;
    my $socket = IO::Socket::INET->new(PeerAddr => shift, PeerPort => 80, Timeout => 3) or die "connect: $!\n";
    my ($answers, $buffer) = (0, "");
    while (1) {
      my $sent = syswrite $socket, "GET / HTTP/1.1\r\nHost: service\r\n\r\n";
      my $got = $sent ? sysread $socket, $buffer, 4096 : undef;
      last unless $got;
      print "open\n" if ++$answers == 1;
      select undef, undef, undef, 0.005;
    }
    my $reason = $! ? "$!" : "end of stream";
    print "cut after $answers answers: $reason\n";
  `
  return ['perl', '-e', script, host]
}
