#!/usr/bin/env bash
# Gate a build on a service under memory pressure: green if the service holds the pressure and still answers.
# The gate reads exit codes and JSON, never text for people. The output to expect is in output.txt.
. "$(dirname "$0")/../prepare.sh"

# field NAME: a field of the JSON object on stdin
field() { sed -nE "s/^.*\"$1\":\"?([^\",}]*).*$/\1/p"; }

# stop_service: ends the last service, so that the next one prints its own port
stop_service() { kill "$pid" 2>/dev/null || true; wait "$pid" 2>/dev/null || true; rm -f "$work/out"; }

# gate PLAN-OPTION...: sets colour; the exit code of attach or wait is the verdict on the pressure
gate() {
  local code=0 answer
  echo "\$ allocmem attach $pid $* --if-absent && allocmem wait $pid"
  answer=$(allocmem attach "$pid" "$@" --if-absent --json 2>"$work/err") || code=$?
  [ $code != 0 ] || answer=$(allocmem wait "$pid" --timeout 60s --json 2>"$work/err") || code=$?
  echo "exit code $code, verdict $(field verdict <<<"$answer"), reached $(field reached <<<"$answer")"
  sed 's/^/  /' "$work/err"
  colour=red
  if [ $code = 0 ] && [ "$(ask_service)" = ok ]; then colour=green; fi
  code=0
  answer=$(allocmem release "$pid" --if-held --gc --json 2>"$work/err") || code=$?
  answer=$(field complete <<<"$answer")
  echo "release: exit code $code, memory back: ${answer:-nothing is held}"
  [ $code = 0 ] || colour=red
  echo "the build is $colour"
}

# expect COLOUR
expect() { [ "$colour" = "$1" ] || { echo "the gate should be $1" >&2; exit 1; }; }

echo "1. A service with room for the pressure."
start_service -Xmx256m
gate -m 4 -x 100
expect green
stop_service

echo; echo "2. A service with too small a heap: the pressure never came, so the build is no success."
start_service -Xmx64m
gate -m 4 -x 100
expect red
stop_service

echo; echo "3. A service that an OutOfMemoryError ends, as the flag says."
start_service -Xmx64m -XX:+ExitOnOutOfMemoryError
gate -m 1 -x 100 -e 50ms --oom allow
expect red
