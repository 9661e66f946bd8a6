#!/usr/bin/env bash
# Builds target/allocmem-image-linux-ARCH.tar, which podman load, docker load and ctr images import
# take: the bundle of target/bundle, where bundle.sh laid it, and the C library, the shell and
# setpriv of this machine. Needs no engine and no rights. Writes the archive itself from the
# Containerfile, since an engine writes other bytes each time.
#
#   image.sh VERSION
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
target=$(cd "$here/../../target" && pwd)
version=$1
fail() { echo "image: $*" >&2; exit 1; }
machine=$(uname -m)
case $machine in
  x86_64) arch=x64 platform='"amd64"' ;;
  aarch64) arch=arm64 platform='"arm64","variant":"v8"' ;;
  *) fail "no image for $machine" ;;
esac
context=$target/image/linux-$arch
root=$context/root
home=$root/opt/allocmem
time=${SOURCE_DATE_EPOCH:-$(date -d 2026-11-23T00:00:00Z +%s)}
created=$(date -u -d "@$time" +%Y-%m-%dT%H:%M:%SZ)

copy() { mkdir -p "$root${2%/*}" && cp -L "$1" "$root$2"; } # copy FILE PATH-IN-IMAGE
program() { command -v "$1" || fail "$1 is missing: install what Debian calls $2"; }

lay_bundle() {
  mkdir -p "$home" "$root/usr/bin"
  cp -a "$target/bundle/allocmem-linux-$arch"/{bin,lib,LICENSE} "$home/"
  copy "$target/classes/allocmem-agent.jar" /opt/allocmem/allocmem-agent.jar
  ln -s ../../opt/allocmem/bin/allocmem "$root/usr/bin/allocmem"
}

# A shell that needs no library, under each of its names. The setpriv of util-linux, since the
# shell's own changes no user.
lay_programs() {
  local busybox applet
  busybox=$(program busybox busybox-static)
  ! ldd "$busybox" >/dev/null 2>&1 || fail "$busybox needs libraries: install what Debian calls busybox-static"
  copy "$busybox" /bin/busybox
  for applet in $("$busybox" --list); do
    case $applet in busybox | setpriv | chroot) ;; *) ln -s busybox "$root/bin/$applet" ;; esac
  done
  copy "$(program setpriv util-linux)" /usr/bin/setpriv
  copy "$(program chroot coreutils)" /usr/bin/chroot
}

# The libraries that setpriv and the runtime name, with the loader; the locale of LC_ALL.
lay_libraries() {
  local file
  { ldd "$root"/usr/bin/{setpriv,chroot}; find "$home/lib/runtime" -name '*.so' -exec ldd {} +; } |
    sed -nE 's|.*[[:space:]](/[^ ]+) \(0x.*|\1|p' | LC_ALL=C sort -u >"$context/libraries"
  while read -r file; do
    case $file in "$root"/*) ;; *) copy "$file" "$file" ;; esac
  done <"$context/libraries"
  mkdir -p "$root/usr/lib/locale" && cp -rL /usr/lib/locale/C.utf8 "$root/usr/lib/locale/"
}

lay_directories() {
  mkdir -p "$root"/{dev,etc,proc,sys,tmp}
  printf 'root:x:0:0:root:/:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/sh\n' >"$root/etc/passwd"
  printf 'root:x:0:\nnogroup:x:65534:\n' >"$root/etc/group"
  chmod -R u=rwX,go=rX "$root" && chmod 1777 "$root/tmp"
}

pack() { # pack ARCHIVE FILE...: the same bytes for the same files
  tar --format=gnu --sort=name --mtime="@$time" --owner=0 --group=0 --numeric-owner -cf "$1" "${@:2}"
}

# Turns the Containerfile into the fields of an image's configuration.
configuration() {
  local word value env='' labels='' entrypoint=''
  while read -r word value; do
    value=${value//'${VERSION}'/$version} && value=${value//\"/}
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
  (cd "$root" && pack "$archive/layer" *)
  layer=$(sha256sum "$archive/layer" | cut -d' ' -f1) && mv "$archive/layer" "$archive/$layer.tar"
  cat >"$archive/config" <<JSON
{"architecture":$platform,"config":$(configuration),"created":"$created","history":[{"created":"$created","created_by":"image.sh"}],"os":"linux","rootfs":{"diff_ids":["sha256:$layer"],"type":"layers"}}
JSON
  config=$(sha256sum "$archive/config" | cut -d' ' -f1) && mv "$archive/config" "$archive/$config.json"
  echo "[{\"Config\":\"$config.json\",\"Layers\":[\"$layer.tar\"],\"RepoTags\":[\"localhost/allocmem:$version\"]}]" \
    >"$archive/manifest.json"
  (cd "$archive" && pack "$target/allocmem-image-linux-$arch.tar" *)
  rm -r "$archive"
}

rm -rf "$context" && mkdir -p "$root/bin"
lay_bundle
lay_programs
lay_libraries
lay_directories
write_archive
ls -l "$target/allocmem-image-linux-$arch.tar"
