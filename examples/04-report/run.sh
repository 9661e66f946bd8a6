#!/usr/bin/env bash
# Record a saw-tooth of heap, twice up and down, and make a page of it with charts: open report.html in a browser.
# The output to expect is in output.txt.
. "$(dirname "$0")/../prepare.sh"
kept=$(mktemp -d)

start_service -Xmx256m
echo "\$ allocmem attach $pid -m 10 -x 150 -e 100ms --then cycle --hold-time 1s --duration 6s"
allocmem attach "$pid" -m 10 -x 150 -e 100ms --then cycle --hold-time 1s --duration 6s 2>&1

echo; echo "\$ allocmem watch $pid --record record.jsonl      (in a terminal it draws; here it prints lines)"
TERM=dumb allocmem watch "$pid" --every 50ms --record "$kept/record.jsonl"

echo; echo "\$ allocmem report record.jsonl"
allocmem report "$kept/record.jsonl"
