#!/usr/bin/env bash
# Builds the page library for x86-64 and aarch64 into DIR (default: the agent's resources, where the
# built ones are kept). Needs gcc, gcc-aarch64-linux-gnu, and a JDK's jni.h; no C library, not even
# its headers.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
to=${1:-$here/../resources/io/allocmem/pages}
jdk=${JAVA_HOME:-$(dirname "$(dirname "$(readlink -f "$(command -v javac)")")")}

build() { # build OS.ARCH COMPILER
  "$2" -std=c11 -Wall -Wextra -Wno-unused-parameter -Werror -Os -fPIC -ffreestanding \
    -fvisibility=hidden -fno-stack-protector -fno-asynchronous-unwind-tables \
    -fno-unwind-tables \
    -I"$here/freestanding" -I"$jdk/include" -I"$jdk/include/linux" \
    -shared -nostdlib -s -Wl,--build-id=none,-z,noexecstack,-z,noseparate-code,-z,norelro,--hash-style=both \
    -o "$to/allocmem-pages-$1.so" "$here/pages.c" "$here/trim.c" "$here/watch.c" "$here/lock.c"
}

build amd64 x86_64-linux-gnu-gcc
build aarch64 aarch64-linux-gnu-gcc
