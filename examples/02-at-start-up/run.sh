#!/usr/bin/env bash
# The agent starts with the service: a heap of 256 MiB, of which 200 are taken before the first user comes.
# The output to expect is in output.txt.
. "$(dirname "$0")/../prepare.sh"

echo "\$ java -javaagent:allocmem-agent.jar=m=10,x=200,p=10 -Xmx256m -cp … Service"
start_service "-javaagent:$agent=m=10,x=200,p=10" -Xmx256m 2>&1
until [[ $(allocmem status "$pid") == *HOLDING* ]]; do sleep 0.2; done
echo "The service answers '$(ask_service)'."

echo; echo "\$ allocmem status $pid"
allocmem status "$pid"

echo; echo "\$ jcmd $pid GC.class_histogram      (20 arrays of 10 MiB are [I)"
"${java%java}jcmd" "$pid" GC.class_histogram | sed -n '1,5p'

echo; echo "\$ allocmem release $pid --gc"
allocmem release "$pid" --gc
