#!/bin/sh
# A kubectl without a cluster: writes each call with its words to a file of the directory CLUSTER, and answers from the
# files there. "get" prints the file pods, or pods.added once "debug" was called; "exec" runs the script exec with the
# name of the pod, if that is there.
set -euf
call=$(mktemp "$CLUSTER/calls/$1.XXXXXX")
for word; do printf '%s\n' "$word"; done >"$call"
case $1 in
  get)
    if [ -e "$CLUSTER/added" ] && [ -e "$CLUSTER/pods.added" ]; then cat "$CLUSTER/pods.added"; else cat "$CLUSTER/pods"; fi
    ;;
  debug)
    touch "$CLUSTER/added"
    echo 'Targeting container.'
    [ ! -e "$CLUSTER/forbidden" ] || { cat "$CLUSTER/forbidden" >&2; exit 1; }
    ;;
  exec)
    pod=$2
    while [ "$1" != -- ]; do shift; done
    shift 7 # -- sh -c BECOME allocmem ID TETHERED
    exec sh "$CLUSTER/exec" "$pod" "$@"
    ;;
esac
