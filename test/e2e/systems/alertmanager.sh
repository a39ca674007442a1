#!/usr/bin/env bash
# Prometheus Alertmanager (Debian's package) on loopback, posting to a webhook with a bearer credential, as its users set it up.
#
#   WORK=dir AM_PORT=port AM_WEBHOOK_URL=url AM_CREDENTIALS_FILE=file alertmanager.sh start | fire LABEL=VALUE... | resolve LABEL=VALUE... | stop
#
# start    starts it and waits until it is ready
# fire     posts an alert with these labels to its API; resolve ends it
# stop     ends the process that start started
set -euo pipefail
dir=${WORK:?set WORK to a working directory}/alertmanager
port=${AM_PORT:?set AM_PORT to a free port}
base=http://127.0.0.1:$port
pidfile=$dir/pid
mkdir -p "$dir"; cd "$dir"

running() { [ -s "$pidfile" ] && tr '\0' ' ' 2>/dev/null <"/proc/$(cat "$pidfile")/cmdline" | grep -qF "$dir/config.yml"; }

config() {
  cat <<Y
route:
  receiver: cordon
  group_by: [alertname, user]
  group_wait: 1s
  group_interval: 2s
  repeat_interval: 6s
receivers:
  - name: cordon
    webhook_configs:
      - url: ${AM_WEBHOOK_URL:?}
        send_resolved: true
        max_alerts: 0
        http_config:
          authorization: { type: Bearer, credentials_file: ${AM_CREDENTIALS_FILE:?} }
Y
}

start() {
  config >config.yml
  nohup prometheus-alertmanager --config.file="$dir/config.yml" --storage.path="$dir/data" --web.listen-address="127.0.0.1:$port" \
    --cluster.listen-address= --log.level=debug </dev/null >alertmanager.log 2>&1 &
  echo $! >"$pidfile"
  for _ in $(seq 300); do
    curl -sf -o /dev/null "$base/-/ready" && return
    kill -0 "$(cat "$pidfile")" 2>/dev/null || break
    sleep 0.1
  done
  echo 'Alertmanager did not start' >&2; tail -20 alertmanager.log >&2; exit 1
}

stop() {
  if running; then
    local pid; pid=$(cat "$pidfile"); kill "$pid"
    for _ in $(seq 100); do running || break; sleep 0.1; done
    if running; then kill -9 "$pid"; fi
  fi
  rm -f "$pidfile"
}

post() { # endsAt-or-empty label=value...
  local ends=$1; shift
  printf '%s\n' "$@" | jq -Rn --arg e "$ends" '[{labels:([inputs|capture("^(?<key>[^=]+)=(?<value>.*)$")]|from_entries),annotations:{summary:"Impossible travel"},
    generatorURL:"http://127.0.0.1/graph"}+(if $e=="" then {} else {endsAt:$e} end)]' |
    curl -sf -m 10 -X POST "$base/api/v2/alerts" -H 'Content-Type: application/json' -d @-
}

case ${1:-} in
  start) start ;;
  fire) shift; post '' "$@" ;;
  resolve) shift; post "$(date -u +%Y-%m-%dT%H:%M:%SZ)" "$@" ;;
  stop) stop ;;
  *) sed -n '2,8p' "$0"; exit 2 ;;
esac
