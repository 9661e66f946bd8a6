#!/usr/bin/env bash
# Find how full the heap may be before p99 of the answers breaks a promise, and make a page of it: open knee.html in a browser.
# With this collector the answers wait for full collections, which begin when the old generation is full.
# The output to expect is in output.txt, the page in knee.html, and its picture in knee.png. Takes about two minutes.
. "$(dirname "$0")/../prepare.sh"
kept=$(mktemp -d)

start_service_of "$root/examples/08-knee/Shop.java" -Xms256m -Xmx256m -XX:+UseParallelGC 2>"$kept/service.log"
echo "\$ allocmem knee $pid --slo p99=100ms --url http://127.0.0.1:$port/ --rate 50/s --from 40% --measure 5s --report knee.html"
allocmem knee "$pid" --slo p99=100ms --url "http://127.0.0.1:$port/" --rate 50/s --from 40% --measure 5s --report "$kept/knee.html" 2>&1
echo; echo "$kept/knee.html"
