#!/usr/bin/env bash
# Builds target/allocmem-image-linux-ARCH.tar, which podman load, docker load and ctr images import
# take: the bundle of target/bundle, where bundle.sh laid it, and the C library, the shell and
# setpriv of this machine. Needs no engine and no rights. Writes the archive itself from the
# Containerfile, since an engine writes other bytes each time.
#
#   image.sh VERSION
#   ALLOCMEM_ARM64_ROOT  on x86-64: root directory of an arm64 system with the C library, busybox and
#                        setpriv. Builds the image of the bundle for linux-arm64 as well
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
target=$(cd "$here/../../target" && pwd)
version=$1
time=${SOURCE_DATE_EPOCH:-$(date -d 2026-11-23T00:00:00Z +%s)}
created=$(date -u -d "@$time" +%Y-%m-%dT%H:%M:%SZ)
fail() { echo "image: $*" >&2; exit 1; }

copy() { mkdir -p "$root${2%/*}" && cp -L "$1" "$root$2"; } # copy FILE PATH-IN-IMAGE

program() { # program NAME PACKAGE
  local directory
  for directory in /usr/bin /bin /usr/sbin; do
    if [ -x "$system$directory/$1" ]; then echo "$system$directory/$1"; return; fi
  done
  fail "$system/usr/bin/$1 is missing: install what Debian calls $2"
}

lay_bundle() {
  mkdir -p "$home" "$root/usr/bin"
  cp -a "$target/bundle/allocmem-linux-$arch"/{bin,lib,LICENSE} "$home/"
  copy "$target/classes/allocmem-agent.jar" /opt/allocmem/allocmem-agent.jar
  ln -s ../../opt/allocmem/bin/allocmem "$root/usr/bin/allocmem"
}

# A shell that needs no library, under each of its names. The setpriv of util-linux and the chroot of
# coreutils, since the shell's own change no user.
lay_programs() {
  local busybox applet setpriv chroot
  busybox=$(program busybox busybox-static)
  setpriv=$(program setpriv util-linux)
  chroot=$(program chroot coreutils)
  ! grep -qaF "$loader" "$busybox" || fail "$busybox needs libraries: install what Debian calls busybox-static"
  copy "$busybox" /bin/busybox
  for applet in $("${emulator[@]}" "$busybox" --list); do
    case $applet in busybox | setpriv | chroot) ;; *) ln -s busybox "$root/bin/$applet" ;; esac
  done
  copy "$setpriv" /usr/bin/setpriv
  copy "$chroot" /usr/bin/chroot
}

# Each command of allocmem as a program: kubectl debug and --entrypoint replace the ENTRYPOINT.
lay_commands() {
  local page command
  # shellcheck disable=SC2016 # the words are for the script
  printf '#!/bin/sh\nexec /usr/bin/allocmem "${0##*/}" "$@"\n' >"$home/bin/command"
  chmod 755 "$home/bin/command"
  for page in "$target"/man/allocmem-*.1; do
    command=${page##*/allocmem-} && ln -s ../../opt/allocmem/bin/command "$root/usr/bin/${command%.1}"
  done
}

needed() { "${emulator[@]}" "$system$loader" --list "$1" 2>/dev/null || true; }

# The libraries that the programs and the runtime name, with the loader; the locale of LC_ALL, whose
# files are the same for both machines.
lay_libraries() {
  local file library
  for file in "$root"/usr/bin/{setpriv,chroot} "$home"/lib/runtime/bin/java "$home"/lib/runtime/lib/{*.so,server/*.so}; do
    needed "$file"
  done >"$context/needed"
  sed -nE 's/^[[:space:]]*(.*) => not found.*/\1/p' "$context/needed" | sort -u | while read -r library; do
    [ -n "$(find "$home/lib/runtime" -name "$library")" ] || fail "$library is missing in ${system:-this machine}"
  done
  sed -nE 's|.* => (/[^ ]+) \(0x.*|\1|p' "$context/needed" | { grep -vF -e "$root" -e "$loader" || true; } | LC_ALL=C sort -u >"$context/libraries"
  while read -r library; do copy "$system$library" "$library"; done <"$context/libraries"
  copy "$system$loader" "$loader"
  mkdir -p "$root/usr/lib/locale" && cp -rL /usr/lib/locale/C.utf8 "$root/usr/lib/locale/"
}

lay_directories() {
  mkdir -p "$root"/{dev,etc,proc,sys,tmp}
  printf 'root:x:0:0:root:/:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/sh\n' >"$root/etc/passwd"
  printf 'root:x:0:\nnogroup:x:65534:\n' >"$root/etc/group"
  chmod -R u=rwX,go=rX "$root" && chmod 1777 "$root/tmp"
}

pack() { # pack ARCHIVE DIRECTORY: the same bytes for the same files
  find "$2" -mindepth 1 -maxdepth 1 -printf '%P\n' | LC_ALL=C sort |
    tar --format=gnu --sort=name --mtime="@$time" --owner=0 --group=0 --numeric-owner -C "$2" -cf "$1" --files-from=-
}

# Turns the Containerfile into the fields of an image's configuration.
configuration() {
  local word value env='' labels='' entrypoint=''
  while read -r word value; do
    value=${value//"\${VERSION}"/$version} && value=${value//\"/}
    case $word in
      ENV) env+=",\"$value\"" ;;
      LABEL) labels+=",\"${value%%=*}\":\"${value#*=}\"" ;;
      ENTRYPOINT) entrypoint="${value//[\[\]]/}" ;;
      FROM | ARG | COPY | '#'* | '') ;;
      *) fail "the Containerfile has $word, which is not known here" ;;
    esac
  done <"$here/Containerfile"
  echo "{\"Entrypoint\":[\"$entrypoint\"],\"Env\":[${env#,}],\"Labels\":{${labels#,}}}"
}

# One layer, its configuration and a list of both: the format docker-archive.
write_archive() {
  local archive=$context/archive layer config
  mkdir "$archive"
  pack "$archive/layer" "$root"
  layer=$(sha256sum "$archive/layer" | cut -d' ' -f1) && mv "$archive/layer" "$archive/$layer.tar"
  config=$(configuration)
  cat >"$archive/config" <<JSON
{"architecture":$platform,"config":$config,"created":"$created","history":[{"created":"$created","created_by":"image.sh"}],"os":"linux","rootfs":{"diff_ids":["sha256:$layer"],"type":"layers"}}
JSON
  config=$(sha256sum "$archive/config" | cut -d' ' -f1) && mv "$archive/config" "$archive/$config.json"
  echo "[{\"Config\":\"$config.json\",\"Layers\":[\"$layer.tar\"],\"RepoTags\":[\"localhost/allocmem:$version\"]}]" \
    >"$archive/manifest.json"
  pack "$target/allocmem-image-linux-$arch.tar" "$archive"
  rm -r "$archive"
}

build() { # build MACHINE SYSTEM [EMULATOR...]
  system=$2 emulator=(env "${@:3}")
  case $1 in
    x86_64) arch=x64 platform='"amd64"' loader=/lib64/ld-linux-x86-64.so.2 ;;
    aarch64) arch=arm64 platform='"arm64","variant":"v8"' loader=/lib/ld-linux-aarch64.so.1 ;;
    *) fail "no image for $1" ;;
  esac
  context=$target/image/linux-$arch
  root=$context/root
  home=$root/opt/allocmem
  rm -rf "$context" && mkdir -p "$root/bin"
  lay_bundle
  lay_programs
  lay_commands
  lay_libraries
  lay_directories
  write_archive
  ls -l "$target/allocmem-image-linux-$arch.tar"
}

build "$(uname -m)" ''
if [ "$(uname -m)" = x86_64 ] && [ -n "${ALLOCMEM_ARM64_ROOT:-}" ]; then
  build aarch64 "$ALLOCMEM_ARM64_ROOT" qemu-aarch64-static -L "$ALLOCMEM_ARM64_ROOT"
fi
