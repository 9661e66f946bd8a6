#!/usr/bin/env bash
# deb.sh BUNDLE.tar.gz AGENT.jar VERSION URL SECONDS OUT.deb: packs a bundle for Debian and Ubuntu.
# The Java runtime of the bundle comes along; dependencies are what the runtime's files ask for.
# The same input gives the same bytes: one time for all files, no compression by threads.
set -euo pipefail
bundle=$1 agent=$2 version=$3 url=$4 time=$5 out=$6
case $bundle in
  *-x64.tar.gz) architecture=amd64 ;;
  *-arm64.tar.gz) architecture=arm64 ;;
  *) echo "release: Debian has no name for the architecture of $bundle" >&2; exit 1 ;;
esac
for tool in dpkg-deb readelf; do
  command -v "$tool" >/dev/null || { echo "release: $tool is missing; the package needs dpkg and binutils" >&2; exit 1; }
done
umask 022
root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
chmod 755 "$root"
home=$root/usr/lib/allocmem
share=$root/usr/share
document=$share/doc/allocmem
mkdir -p "$home" "$root/usr/bin" "$root/DEBIAN" "$share"/{java,man/man1,lintian/overrides} "$document"

tar xzf "$bundle" -C "$home" --strip-components=1 --no-same-owner
for program in "$home"/bin/*; do
  ln -s "../lib/allocmem/bin/${program##*/}" "$root/usr/bin/"
done
mv "$home"/share/man/man1/*.1 "$share/man/man1/"
mv "$home/share/bash-completion" "$share/"
rm -r "$home/share" "$home/LICENSE"
cp "$agent" "$share/java/allocmem-agent.jar"
gzip -9n "$share"/man/man1/*.1

# the libraries that the runtime asks for and does not bring, as packages
depends() {
  local files library newest
  files=$(find "$home/lib/runtime" -type f \( -name '*.so' -o -path '*/bin/*' -o -name jspawnhelper \))
  # shellcheck disable=SC2086 # names of a Java runtime have no spaces
  newest=$(readelf -VW $files 2>/dev/null | grep -oE 'GLIBC_[0-9.]+' | sort -Vu | tail -1)
  # shellcheck disable=SC2086
  readelf -dW $files 2>/dev/null | sed -nE 's/.*\(NEEDED\).*\[(.*)\]/\1/p' | sort -u |
    while read -r library; do
      case $library in
        libc.so.6 | libm.so.6 | libdl.so.2 | libpthread.so.0 | librt.so.1 | ld-linux*) echo "libc6 (>= ${newest#GLIBC_})" ;;
        libz.so.1) echo zlib1g ;;
        libstdc++.so.6) echo libstdc++6 ;;
        libgcc_s.so.1) echo libgcc-s1 ;;
        *) [ -n "$(find "$home/lib/runtime" -name "$library")" ] || echo "unknown:$library" ;;
      esac
    done | sort -u | paste -sd, - | sed 's/,/, /g'
}
needs=$(depends)
case $needs in '' | *unknown:*) echo "release: no package is known for: $needs" >&2; exit 1 ;; esac

cat >"$document/copyright" <<END
Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/
Upstream-Name: allocmem
Source: $url

Files: *
Copyright: 2026 the allocmem authors
License: Apache-2.0
 On Debian systems the text is in /usr/share/common-licenses/Apache-2.0.
Comment: The launcher contains picocli, Byte Buddy's attach library and
 jackson-jr (Apache-2.0), JLine (BSD-3-Clause), and HdrHistogram (CC0-1.0 or
 BSD-2-Clause).

Files: usr/lib/allocmem/lib/runtime/*
Copyright: 1995-2026 Oracle and/or its affiliates, and others
License: GPL-2 with the Classpath exception
 The texts are in /usr/lib/allocmem/lib/runtime/legal, and on Debian systems
 in /usr/share/common-licenses/GPL-2.
END
cat <<END | gzip -9n >"$document/changelog.gz"
allocmem ($version) stable; urgency=medium

  * The changes of each version:
    $url/blob/main/.github/CHANGELOG.md

 -- The allocmem authors <allocmem@users.noreply.github.com>  $(LC_ALL=C date -u -d "@$time" '+%a, %d %b %Y %H:%M:%S +0000')
END
# a Java runtime comes as its vendor built it, with libraries, licences and symbols of its own; the
# jars are a program, and an agent whose name is an option of a JVM
printf 'allocmem: %s\n' bad-jar-name bash-completion-with-hashbang embedded-library extra-license-file \
  jar-not-in-usr-share no-manual-page unstripped-binary-or-object >"$share/lintian/overrides/allocmem"
chmod 644 "$document"/* "$share"/java/* "$share"/lintian/overrides/*
find "$root/usr" -exec touch -h -d "@$time" {} +
(cd "$root" && find usr -type f | LC_ALL=C sort | xargs md5sum) >"$root/DEBIAN/md5sums"
cat >"$root/DEBIAN/control" <<END
Package: allocmem
Version: ${version//-/\~}
Architecture: $architecture
Maintainer: The allocmem authors <allocmem@users.noreply.github.com>
Installed-Size: $(find "$root/usr" -type f -printf '%s\n' | awk '{ kib += int(($1 + 1023) / 1024) } END { print kib }')
Depends: $needs
Section: devel
Priority: optional
Homepage: $url
Description: controlled memory pressure inside a running JVM
 allocmem allocates memory in a running Java service, block by block, holds
 the memory, reports the kernel's count, and releases everything on command.
 Block size, delay, fill ratio and limit are options. It shows how a service,
 the collector, the container and the alerts behave under memory pressure.
 .
 The package brings a Java runtime of its own. The agent for -javaagent is
 /usr/share/java/allocmem-agent.jar.
END
touch -d "@$time" "$root/DEBIAN"/* "$root/DEBIAN" "$root"
SOURCE_DATE_EPOCH=$time dpkg-deb --root-owner-group -Zgzip -z6 --build "$root" "$out" >/dev/null
