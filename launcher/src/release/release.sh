#!/usr/bin/env bash
# release.sh VERSION URL TIME: lays all files of a release into launcher/target/release, from what
# the build has left in agent/target and launcher/target. The same input gives the same bytes.
# A missing file is named, and no release is made.
set -euo pipefail
version=$1 url=$2 seconds=$(date -d "$3" +%s)
here=$(cd "$(dirname "$0")" && pwd)
launcher=$(cd "$here/../../target" && pwd)
agent=$(cd "$here/../../../agent/target" && pwd)
release=$launcher/release
rm -rf "$release" && mkdir "$release"

missing=
take() { # take FILE NAME
  if [ -f "$1" ]; then cp "$1" "$release/$2"; else missing+=" ${1##*/}"; fi
}
take "$agent/allocmem-agent.jar" "allocmem-agent-$version.jar"
take "$agent/allocmem-agent-sources.jar" "allocmem-agent-$version-sources.jar"
take "$agent/allocmem-agent-javadoc.jar" "allocmem-agent-$version-javadoc.jar"
take "$agent/allocmem-agent.pom" "allocmem-agent-$version.pom"
take "$launcher/allocmem.jar" allocmem.jar
# its plugin writes nothing if Maven is offline
take "$launcher/allocmem-sbom.json" allocmem-sbom.json
for platform in linux-x64 linux-arm64; do
  take "$launcher/allocmem-$platform.tar.gz" "allocmem-$platform.tar.gz"
  take "$launcher/allocmem-image-$platform.tar" "allocmem-image-$platform.tar"
done
if [ -n "$missing" ]; then
  echo "release: missing in target:$missing (linux-arm64 needs ALLOCMEM_ARM64_ROOT, see bundle.sh)" >&2
  exit 1
fi

tar --mtime="@$seconds" --owner=0 --group=0 --numeric-owner --mode=go=rX,u+w -cf - \
  -C "$here/../kubernetes" kubectl-allocmem -C "$here/../../.." LICENSE | gzip -9n >"$release/kubectl-allocmem.tar.gz"
for platform in linux-x64 linux-arm64; do
  "$here/deb.sh" "$release/allocmem-$platform.tar.gz" "$release/allocmem-agent-$version.jar" "$version" "$url" "$seconds" \
    "$release/allocmem-$platform.deb"
done
for template in "$here"/*.json "$here"/*.rb "$here"/*.yaml; do
  "$here/fill.sh" "$template" "$release" "$version" "$url" >"$release/${template##*/}"
done
chmod 644 "$release"/*
cd "$release"
LC_ALL=C sha256sum -- * >../SHA256SUMS
mv ../SHA256SUMS .
ls -l
