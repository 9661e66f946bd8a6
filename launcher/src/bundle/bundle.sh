#!/usr/bin/env bash
# Builds target/allocmem-linux-ARCH.tar.gz: the launcher with a Java runtime of its own, for machines
# without a JDK. Takes the launcher's jar and the man pages from target/, where mvn -Pbundle laid
# them, and the runtime from the newest JDK there is: a newer one attaches where an older one cannot.
#
#   bundle.sh [JDK]     home of the JDK to take instead
#   ALLOCMEM_TEST_JDKS  homes to look at, separated by ':', beside /usr/lib/jvm/*
set -euo pipefail
unset JAVA_TOOL_OPTIONS JDK_JAVA_OPTIONS _JAVA_OPTIONS
here=$(cd "$(dirname "$0")" && pwd)
target=$(cd "$here/../../target" && pwd)
name=allocmem-linux-$(uname -m | sed 's/x86_64/x64/; s/aarch64/arm64/')
home=$target/bundle/$name
rm -rf "$target/bundle" && mkdir -p "$home"/{bin,lib,share/man,share/bash-completion/completions}

# attach and logging, which JLine asks for, for the launcher; the others for the agent, which
# allocmem run takes into this runtime.
modules=java.base,java.instrument,java.logging,java.management,jdk.attach,jdk.management,jdk.unsupported

link() { # link JDK; fails where the JDK cannot: it has no jlink, or was patched after its build
  local compress=2
  rm -rf "$home/lib/runtime"
  [ "$(major "$1")" -lt 21 ] || compress=zip-6
  "$1/bin/jlink" --add-modules "$modules" --strip-java-debug-attributes --no-header-files \
    --no-man-pages --compress "$compress" --output "$home/lib/runtime"
}

major() { sed -nE 's/^JAVA_VERSION="(1\.)?([0-9]+).*/\2/p' "$1/release" 2>/dev/null || true; }

newest_first() {
  for jdk in ${ALLOCMEM_TEST_JDKS:+${ALLOCMEM_TEST_JDKS//:/ }} /usr/lib/jvm/* "${JAVA_HOME:-}"; do
    if [ -x "$jdk/bin/jlink" ] && [ "$(major "$jdk")" -ge 17 ]; then echo "$(major "$jdk") $jdk"; fi
  done | sort -s -rn -k1,1 | cut -d' ' -f2-
}

if [ -n "${1:-}" ]; then
  link "$1"
else
  newest_first >"$target/bundle/jdks"
  linked=
  while read -r jdk; do
    link "$jdk" >"$target/bundle/jlink.log" 2>&1 && linked=$jdk && break
    echo "bundle: $jdk cannot link a runtime: $(head -1 "$target/bundle/jlink.log")" >&2
  done <"$target/bundle/jdks"
  [ -n "$linked" ] || { echo "bundle: no JDK of 17 or newer that can link a runtime" >&2; exit 1; }
  echo "bundle: a runtime of $linked"
fi

java=$home/lib/runtime/bin/java
jar=$home/lib/allocmem.jar
cp "$target/allocmem.jar" "$jar"
cp "$here/allocmem" "$here/../kubernetes/kubectl-allocmem" "$home/bin/" && chmod 755 "$home"/bin/*
cp "$here/../../../LICENSE" "$home/"
cp -r "$target/man" "$home/share/man/man1"
"$java" -jar "$jar" generate-completion >"$home/share/bash-completion/completions/allocmem"

# One time for all, before the archive is made: it remembers the jar's and the runtime's.
time=${SOURCE_DATE_EPOCH:-$(date -d 2026-11-23T00:00:00Z +%s)}
same_time() { find "$home" -exec touch -h -d "@$time" {} +; }
same_time

# The archive: the classes that these commands load, sorted, as their order and
# numbers vary.
train() { "$java" -XX:+UseSerialGC -XX:DumpLoadedClassList="$target/bundle/$1.classes" -jar "$jar" "$@" >/dev/null; }
train list
train attach --help
train check $$ -x 1 2>/dev/null || true # not a JVM: a refusal is what it trains
sed -E '/^#|source:/d; s/ id: [0-9]+$//' "$target"/bundle/*.classes | LC_ALL=C sort -u >"$target/bundle/classes"
"$java" -XX:+UseSerialGC -Xshare:dump -Xlog:disable -XX:SharedClassListFile="$target/bundle/classes" \
  -XX:SharedArchiveFile="$home/lib/allocmem.jsa" -cp "$jar"
chmod 644 "$home/lib/allocmem.jsa"
same_time

tar --sort=name --mtime="@$time" --owner=0 --group=0 --numeric-owner --mode=go=rX,u+w \
  -C "$target/bundle" -c "$name" | gzip -n -9 >"$target/$name.tar.gz"
ls -l "$target/$name.tar.gz"
