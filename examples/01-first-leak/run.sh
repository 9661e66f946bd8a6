#!/usr/bin/env bash
# Attach to a running service by PID, watch the stairs, release, see the memory come back.
# On Linux; run it from anywhere. The output to expect is in output.txt.
. "$(dirname "$0")/../prepare.sh"

start_service -Xmx128m
before=$(rss_mib)
echo "The service has PID $pid, answers '$(ask_service)', and has $before MiB in RAM (RSS)."

echo; echo "\$ allocmem attach $pid -m 40 -x 400 -f 0.25 -e 1s -a native"
allocmem attach "$pid" -m 40 -x 400 -f 0.25 -e 1s -a native 2>&1

echo; echo "Each second 40 MiB more are committed, and a quarter of them touched:"
for second in 1 2 3 4 5 6 7 8 9 10; do
  rss=$(rss_mib)
  printf '%3d s  RSS %4d MiB  %s\n' "$second" "$rss" "$(printf '%*s' $((rss / 4)) '' | tr ' ' '#')"
  sleep 1
done

echo; echo "\$ allocmem status $pid"
allocmem status "$pid"
held=$(rss_mib)

echo; echo "\$ allocmem release $pid"
allocmem release "$pid"
after=$(rss_mib)
echo; echo "RSS: $before MiB before, $held MiB held, $after MiB after; the service answers '$(ask_service)'."
[ $((held - before)) -ge 100 ] && [ $((held - after)) -ge 95 ] || {
  echo "the memory did not move as it should" >&2
  exit 1
}
