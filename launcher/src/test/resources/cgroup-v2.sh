#!/bin/sh
# Init of a virtual machine with cgroups of version 2: runs plans in groups of their own, one after
# the other, and prints "CASE KEY VALUE" lines on the console. Ends the machine.
export PATH=/bin:/jdk/bin HOME=/tmp
mount -t proc proc /proc
mount -t sysfs sys /sys
mount -t devtmpfs dev /dev
mount -t tmpfs -o mode=1777 tmp /tmp
mount -t cgroup2 none /sys/fs/cgroup
echo +memory >/sys/fs/cgroup/cgroup.subtree_control
say() { echo "$name $*"; }
event() { sed -n "s/^$1 //p" "$group/memory.events"; }
allocmem() { java -XX:TieredStopAtLevel=1 -Xshare:auto -jar /allocmem.jar "$@"; }

begin() { # begin NAME MAX HIGH PLAN
  name=$1
  group=/sys/fs/cgroup/$1
  mkdir "$group"
  echo "$2" >"$group/memory.max"
  echo "$3" >"$group/memory.high"
  tail -f /dev/null | sh -c 'echo $$ >"$1/cgroup.procs" && exec java -Xmx32m -XX:+UseSerialGC \
    -XX:TieredStopAtLevel=1 "-javaagent:/allocmem-agent.jar=$2" -cp /classes TargetApplication' \
    sh "$group" "$4" >"/tmp/$1.log" 2>&1 &
  until grep -q . "$group/cgroup.procs"; do sleep 0.1; done
  pid=$(head -1 "$group/cgroup.procs")
}

awaiting() { # awaiting CONDITION...: at most one minute
  ticks=0
  until "$@"; do
    ticks=$((ticks + 1))
    [ $ticks -lt 300 ] || { say late "$*"; return; }
    sleep 0.2
  done
}

figures() {
  ended || say status "$(allocmem status "$pid" --json)"
  say current "$(cat "$group/memory.current")"
  say peak "$(cat "$group/memory.peak")"
  say oom_kill "$(event oom_kill)"
  say high "$(event high)"
}

ended() { grep -q "populated 0" "$group/cgroup.events"; } # a zombie has a directory in /proc
throttled() { [ "$(cat "$group/memory.current")" -gt "$1" ] && [ "$(event high)" -gt 0 ]; }
below() { [ "$(cat "$group/memory.current")" -lt "$1" ]; }
end() { kill -KILL "$pid" 2>/dev/null; awaiting ended; }

begin limit 256m max a=native,m=4,x=0
awaiting ended
figures

begin keep-free 256m max a=native,m=4,x=0,keep-free=10%
allocmem wait "$pid" --for GUARDED --timeout 60s >/dev/null
figures
end

begin until 256m max a=native,m=4,until=85%
allocmem wait "$pid" --timeout 60s >/dev/null
figures
end

begin high 400m 250m a=native,m=1,x=320
awaiting throttled 262144000
figures
say check "$(allocmem check "$pid" -a native -x 60 -n more --json)"
say release "$(allocmem release "$pid" | head -1)"
awaiting below 209715200
say after "$(cat "$group/memory.current")"
end

begin below-high 400m 250m a=native,m=4,x=0,keep-free=10%
allocmem wait "$pid" --for GUARDED --timeout 60s >/dev/null
figures
end

begin only-high max 250m a=native,m=4,until=60%
allocmem wait "$pid" --timeout 60s >/dev/null
figures
end

echo machine over
poweroff -f
