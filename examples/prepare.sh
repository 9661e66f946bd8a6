# Sourced by the examples: sets up what is missing, builds the jars and compiles the service.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
"$root/.ci/setup"
agent=$root/agent/target/allocmem-agent.jar
launcher=$root/launcher/target/allocmem.jar
if [ ! -e "$launcher" ]; then
  echo "building …"
  (cd "$root" && mvn -B -q package -DskipTests)
fi
java=${JAVA_HOME:+$JAVA_HOME/bin/}java
work=$(mktemp -d)
trap 'kill $(jobs -p) 2>/dev/null || true; wait; rm -rf "$work"' EXIT
allocmem() { "$java" -jar "$launcher" "$@"; }

# start_service JVM-OPTION...: a real HTTP service in the background; sets pid and port
start_service() { start_service_of "$root/examples/Service.java" "$@"; }

# start_service_of FILE.java JVM-OPTION...: another service that prints its port
start_service_of() {
  "${java}c" -d "$work" "$1"
  "$java" "${@:2}" -cp "$work" "$(basename "$1" .java)" >"$work/out" &
  pid=$!
  until grep -qs '^port' "$work/out"; do kill -0 $pid; sleep 0.1; done
  port=$(sed -n 's/^port //p' "$work/out")
}

# ask_service: what the service answers, without curl
ask_service() {
  exec 3<>"/dev/tcp/127.0.0.1/$port"
  printf 'GET / HTTP/1.0\r\n\r\n' >&3
  tail -n 1 <&3
  exec 3>&-
}

rss_mib() { awk '/^VmRSS/ { print int($2 / 1024) }' "/proc/$pid/status"; }
