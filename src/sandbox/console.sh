#!/bin/sh
# Appends its input to a log of LIMIT bytes at most; what came before stays in LOG.1.
#
#   console.sh LOG LIMIT
set -u
log=$1 limit=$2

size() {
  stat -c %s "$log" 2>/dev/null || echo 0
}

while :; do
  if [ "$(size)" -ge "$limit" ]; then
    mv -f "$log" "$log.1"
  fi
  stdbuf -o0 head -c $((limit - $(size))) >>"$log"
  # `head` ends before the log is full only at the end of its input.
  [ "$(size)" -ge "$limit" ] || exit 0
done
