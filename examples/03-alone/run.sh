#!/usr/bin/env bash
# No service at all: a JVM that only leaks, until Ctrl+C, or until somebody else releases it.
# The output to expect is in output.txt.
. "$(dirname "$0")/../prepare.sh"

echo "\$ allocmem run -m 16 -x 96 -f 50% -e 300 -p 3 -a native"
allocmem run -m 16 -x 96 -f 50% -e 300 -p 3 -a native >"$work/run" 2>&1 &
until grep -qs 'limit reached' "$work/run"; do kill -0 $!; sleep 0.2; done

leaking=$(sed -nE 's/^JVM ([0-9]+) .*/\1/p' "$work/run")
allocmem release "$leaking" >"$work/release" # from another terminal, as it were
wait $!
cat "$work/run"
echo; echo "\$ allocmem release $leaking"
cat "$work/release"
