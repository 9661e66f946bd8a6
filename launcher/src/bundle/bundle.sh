#!/usr/bin/env bash
# Builds target/allocmem-linux-ARCH.tar.gz: the launcher with a Java runtime of its own, for machines
# without a JDK. Takes the launcher's jar and the man pages from target/, where mvn -Pbundle laid
# them, and the runtime from the newest JDK with long-term support, or else from the newest: a newer
# one attaches where an older one cannot.
#
#   bundle.sh [JDK]      home of the JDK to take instead
#   ALLOCMEM_TEST_JDKS   homes to look at, separated by ':', beside /usr/lib/jvm/*
#   ALLOCMEM_ARM64_ROOT  on x86-64: root directory of an arm64 system with a JDK and its jmods in
#                        usr/lib/jvm. Builds allocmem-linux-arm64.tar.gz as well, with jlink of a JDK
#                        of this machine of the same version, and qemu-aarch64-static
set -euo pipefail
unset JAVA_TOOL_OPTIONS JDK_JAVA_OPTIONS _JAVA_OPTIONS
here=$(cd "$(dirname "$0")" && pwd)
target=$(cd "$here/../../target" && pwd)
work=$target/bundle
time=${SOURCE_DATE_EPOCH:-$(date -d 2026-11-23T00:00:00Z +%s)}
fail() { echo "bundle: $*" >&2; exit 1; }

# attach and logging, which JLine asks for, for the launcher; the others for the agent, which
# allocmem run takes into this runtime.
modules=java.base,java.instrument,java.logging,java.management,jdk.attach,jdk.management,jdk.unsupported

major() { sed -nE 's/^JAVA_VERSION="(1\.)?([0-9]+).*/\2/p' "$1/release" 2>/dev/null || true; }

newest_first() { # newest_first FILE HOME...: the JDKs of 17 or newer that have this file
  local jdk version lasting
  for jdk in "${@:2}"; do
    version=$(major "$jdk")
    lasting=$(((${version:-0} - 17) % 4 == 0)) # 17, 21, 25 and so on: every second year
    if [ -e "$jdk/$1" ] && [ "${version:-0}" -ge 17 ]; then echo "$lasting $version $jdk"; fi
  done | sort -s -k1,1rn -k2,2rn | cut -d' ' -f3-
}

jdks_here() { newest_first bin/jlink ${ALLOCMEM_TEST_JDKS:+${ALLOCMEM_TEST_JDKS//:/ }} /usr/lib/jvm/* "${JAVA_HOME:-}"; }

link() { # link JDK [OPTION...]; fails where the JDK cannot: it was patched after its build
  local compress=2
  rm -rf "$home/lib/runtime"
  [ "$(major "$1")" -lt 21 ] || compress=zip-6
  linked_by=$1
  "$linked_by/bin/jlink" "${@:2}" --add-modules "$modules" --strip-java-debug-attributes --no-header-files \
    --no-man-pages --compress "$compress" --output "$home/lib/runtime"
  find "$home/lib/runtime" -name '*.debuginfo' -delete # of the native libraries, hundreds of MB
}

link_here() { # link_here [JDK]
  local jdk
  if [ -n "${1:-}" ]; then link "$1"; return; fi
  jdks_here >"$work/jdks"
  while read -r jdk; do
    if link "$jdk" >"$work/jlink.log" 2>&1; then echo "bundle: a runtime of $jdk"; return; fi
    echo "bundle: $jdk cannot link a runtime: $(head -1 "$work/jlink.log")" >&2
  done <"$work/jdks"
  fail "no JDK of 17 or newer that can link a runtime"
}

link_arm64() {
  local jdk linker
  jdk=$(newest_first jmods/java.base.jmod "$ALLOCMEM_ARM64_ROOT"/usr/lib/jvm/* | head -1)
  [ -n "$jdk" ] || fail "$ALLOCMEM_ARM64_ROOT has no JDK of 17 or newer with jmods in usr/lib/jvm"
  jdks_here >"$work/jdks"
  while read -r linker; do
    if [ "$(major "$linker")" = "$(major "$jdk")" ]; then
      link "$linker" --module-path "$jdk/jmods" && echo "bundle: a runtime of $jdk" && return
    fi
  done <"$work/jdks"
  fail "to link $jdk, a JDK $(major "$jdk") of this machine is needed as well"
}

lay_files() {
  cp "$target/allocmem.jar" "$home/lib/"
  cp "$here/allocmem" "$here/../kubernetes/kubectl-allocmem" "$home/bin/" && chmod 755 "$home"/bin/*
  cp "$here/../../../LICENSE" "$home/"
  cp -r "$target/man" "$home/share/man/man1"
}

own_classes() { # all: which of them an attach loads depends on the time
  (cd "$target/classes" && find io/allocmem -name '*.class')
  (cd "$here/../../../agent/target/classes" && find io/allocmem/{arguments,control,options,plan,readings} -name '*.class')
}

# Lists the classes that these commands load, beside one JVM with a plan. Other processes are hidden
# where the kernel allows it: the list must be the same each time. Left out are threads, whose
# classes depend on the time, and the numbers of classes and constants, which vary.
train() {
  local namespace
  for namespace in 'unshare --pid --fork --mount-proc' 'unshare -r --pid --fork --mount-proc' env; do
    if $namespace true 2>/dev/null; then break; fi
  done
  # shellcheck disable=SC2016 # the words are for the second shell
  $namespace "$BASH" -euo pipefail -c '
    java=$1 jar=$2 agent=$3 work=$4
    "$java" -javaagent:"$agent=m=1,x=1" -cp "$agent" io.allocmem.Alone /dev/null < <(sleep 120) 2>/dev/null & plan=$!
    trap "kill $plan" EXIT
    for try in 1 2 3 4 5 6 7 8 9; do "$java" -jar "$jar" wait $plan --timeout 1m >/dev/null 2>&1 && break; sleep 0.3; done
    load() { # load NAME WORD...
      "$java" -XX:+UseSerialGC -XX:DumpLoadedClassList="$work/$1.classes" -jar "$jar" "${@:2}" >/dev/null
    }
    load list list
    load help attach --help
    load check check $plan -n more -x 1 || true # the reasons for a refusal are loaded as well
    load refusal check 2147483647 -x 1 2>/dev/null || true # no JVM
  ' train "$home/lib/runtime/bin/java" "$home/lib/allocmem.jar" "$target/classes/allocmem-agent.jar" "$work"
  sed -E '/^#|^@cp|source:|^java\/util\/concurrent/d; s/ id: [0-9]+$//' "$work"/*.classes >"$work/trained"
  # attach.classes: classes of JDK 25 that a real attach loads, and lines that some runs of these
  # commands lack. A real attach cannot train the archive, since its classes depend on the time. The
  # JVM ignores lines about classes that the runtime lacks.
  (own_classes | sed 's/\.class$//'; cat "$work/trained" "$here/attach.classes") | LC_ALL=C sort -u >"$work/classes"
}

# One time for all, before the archive is made: it remembers the jar's and the runtime's.
same_time() { find "$home" -exec touch -h -d "@$time" {} +; }

# Makes the archive FILE. It contains a path of the jar. The JVM compares its own path of the jar with
# this path, without the directories. From this path the JVM also makes the URL of the classes, for each
# class anew if there is no such file (JDK 25: 5 ms). The path by a descriptor is the same for each
# place of the build, and leads to the jar wherever the bundle lies: bin/allocmem opens lib/.
archive() { # archive FILE LIST JAVA... (the command, with its first options)
  (cd "$home/lib" && "${@:3}" -XX:+UseSerialGC -Xshare:dump -Xlog:disable \
    -XX:SharedClassListFile="$2" -XX:SharedArchiveFile="$1" -cp /proc/self/fd/9/allocmem.jar 9<.)
}

# Makes the archive with linked classes: an attach takes a quarter less processor time. Fails if two
# archives differ in more than their time.
linked_archive() {
  sed '/^@/d; s/ .*//; /[$][$]Lambda/d' "$work/classes" | LC_ALL=C sort -u |
    "$linked_by/bin/java" "$here/References.java" "$home/lib/runtime" "$home/lib/allocmem.jar" |
    cat "$work/classes" - >"$work/linked" &&
    archive allocmem.jsa "$work/linked" runtime/bin/java -XX:+AOTClassLinking &&
    archive "$work/again.jsa" "$work/linked" runtime/bin/java -XX:+AOTClassLinking &&
    "$linked_by/bin/java" "$here/WithoutTime.java" "$home/lib/allocmem.jsa" "$work/again.jsa"
}

pack() { # pack [EMULATOR...]
  same_time
  # an emulator is slow, and one archive takes half of the time of two
  if [ $# -gt 0 ] || [ "$(major "$home/lib/runtime")" -lt 24 ] || ! linked_archive; then
    archive allocmem.jsa "$work/classes" "$@" runtime/bin/java
  fi
  chmod 644 "$home/lib/allocmem.jsa"
  same_time
  tar --sort=name --mtime="@$time" --owner=0 --group=0 --numeric-owner --mode=go=rX,u+w \
    -C "$work" -c "$name" | gzip -n -9 >"$target/$name.tar.gz"
  ls -l "$target/$name.tar.gz"
}

begin() { # begin ARCH
  name=allocmem-linux-$1
  home=$work/$name
  mkdir -p "$home"/{bin,lib,share/man,share/bash-completion/completions}
}

rm -rf "$work"
begin "$(uname -m | sed 's/x86_64/x64/; s/aarch64/arm64/')"
completion=$home/share/bash-completion/completions/allocmem
link_here "${1:-}"
lay_files
"$home/lib/runtime/bin/java" -jar "$home/lib/allocmem.jar" generate-completion >"$completion"
same_time
train
pack
[ "$(uname -m)" = x86_64 ] || exit 0
if [ -z "${ALLOCMEM_ARM64_ROOT:-}" ]; then
  echo "bundle: ALLOCMEM_ARM64_ROOT is not set: no bundle for linux-arm64" >&2
  exit 0
fi
begin arm64
link_arm64
lay_files
cp "$completion" "$home/share/bash-completion/completions/"
pack qemu-aarch64-static -L "$ALLOCMEM_ARM64_ROOT"
