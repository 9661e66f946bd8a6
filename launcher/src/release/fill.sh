#!/usr/bin/env bash
# fill.sh TEMPLATE DIR VERSION URL: prints the template with its placeholders replaced: @VERSION@,
# @URL@ (the project's address), and @SHA256:FILE@ by the sum of DIR/FILE. Fails if a file is
# missing, or if a placeholder is left.
set -euo pipefail
dir=$2 version=$3 url=$4
name=$(basename "$1")
text=$(cat "$1")
text=${text//@VERSION@/"$version"}
text=${text//@URL@/"$url"}
while [[ $text =~ @SHA256:([A-Za-z0-9._-]+)@ ]]; do
  placeholder=${BASH_REMATCH[0]} file=${BASH_REMATCH[1]}
  [ -f "$dir/$file" ] || { echo "release: $name names $file, which is not in the release" >&2; exit 1; }
  sum=$(sha256sum <"$dir/$file")
  text=${text//"$placeholder"/"${sum%% *}"}
done
if [[ $text =~ @[A-Z][A-Z0-9]*(:[^@]*)?@ ]]; then
  echo "release: $name has an unknown placeholder: ${BASH_REMATCH[0]}" >&2
  exit 1
fi
printf '%s\n' "$text"
