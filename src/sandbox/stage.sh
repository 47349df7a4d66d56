#!/bin/sh
# Runs as root in a mount namespace of its own, just before the sandbox: shows DIRECTORY as /run/instance, where
# the sandbox's user can reach it although the state directory may lie below one he cannot enter. The host's
# /run is hidden by it (the path by which DIRECTORY was given may lie there, so only `.` names it); the named
# network namespaces below it are let go, or each would live on until this sandbox ends. GROUP may send pings.
#
#   stage.sh DIRECTORY GROUP COMMAND...
set -eu
directory=$1 group=$2
shift 2

echo "$group $group" >/proc/sys/net/ipv4/ping_group_range
cd "$directory"
if mountpoint --quiet /run/netns; then
  umount --lazy --recursive /run/netns
fi
mount -t tmpfs -o mode=755,size=64k tmpfs /run
mkdir /run/instance
mount --no-canonicalize --bind . /run/instance
cd /
exec "$@"
