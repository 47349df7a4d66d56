#!/bin/sh
# The host's side of one sandbox: it lives as long as the sandbox does, and the agent may come and go meanwhile.
#
#   shim.sh DIRECTORY BOOT CONSOLE LIMIT COMMAND...
#
# DIRECTORY  where it leaves `pid` (machine boot, own pid, start time, instance boot), `info` (bubblewrap's: the pid
#            of the sandbox's first process) and `started` (not empty once the sandbox is complete)
# CONSOLE    log of the sandbox's output, LIMIT bytes at most, and as much again in CONSOLE.1
set -u
umask 077
here=${0%/*}
directory=$1 boot=$2 console=$3 limit=$4
shift 4

# Two agents, or one that lost count, start no second sandbox.
exec 9>>"$directory/lock"
flock --nonblock 9 || exit 0

# The name in parentheses may hold spaces; start time is the 20th field after it.
start_time() {
  shift 19
  echo "$1"
}
read -r stat <"/proc/$$/stat"
read -r machine </proc/sys/kernel/random/boot_id
rm -f "$directory/output" "$directory/info" "$directory/started"
# shellcheck disable=SC2086
echo "$machine $$ $(start_time ${stat##*) }) $boot" >"$directory/pid"

mkfifo "$directory/output"
sh "$here/console.sh" "$console" "$limit" <"$directory/output" 9>&- &
exec >"$directory/output" 2>&1

say() {
  echo "[$(date -u +%Y-%m-%dT%H:%M:%SZ)] $1"
}

say "boot $boot: started"
"$@" 7>"$directory/started" 8>"$directory/info" 9>&-
say "boot $boot: ended with status $?"
