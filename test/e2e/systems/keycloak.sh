#!/usr/bin/env bash
# Keycloak 26 in development mode on loopback, with a realm "cordon" and a few made-up users.
#
#   KEYCLOAK_DIST=dir keycloak.sh install             fetches the distribution with Maven (needs mvn, unzip); nothing when it is there
#   KEYCLOAK_DIST=dir WORK=dir KEYCLOAK_PORT=port keycloak.sh start | stop
#
# start    makes a copy of the distribution, starts it, and waits until the realm answers (needs Java 17 or newer)
# stop     ends the process that start started
#
# Always start-dev: the production profile opens cluster ports on addresses other than loopback. No root needed.
set -euo pipefail
version=26.7.3
dist=${KEYCLOAK_DIST:?set KEYCLOAK_DIST to the folder for the distribution}/keycloak-$version

install() {
  [ -x "$dist/bin/kc.sh" ] && return
  local aside; mkdir -p "$KEYCLOAK_DIST"; aside=$(mktemp -d "$KEYCLOAK_DIST/fetch.XXXXXX")
  mvn -q -B org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy \
    -Dartifact="org.keycloak:keycloak-quarkus-dist:$version:zip" -DoutputDirectory="$aside"
  unzip -q "$aside/keycloak-quarkus-dist-$version.zip" -d "$aside"
  mv "$aside/keycloak-$version" "$dist"; rm -rf "$aside"
}

realm() {
  local name users=''
  for name in alice:Alice:Adams bob:Bob:Brown carol:Carol:Clark dave:Dave:Drake; do
    IFS=: read -r login first last <<<"$name"
    users+="{ \"username\": \"$login\", \"enabled\": true, \"emailVerified\": true, \"email\": \"$login@example.test\", \"firstName\": \"$first\", \"lastName\": \"$last\",
      \"credentials\": [{ \"type\": \"password\", \"value\": \"made-up-$login\", \"temporary\": false }], \"realmRoles\": [\"default-roles-cordon\", \"offline_access\"] },"
  done
  cat <<J
{
  "realm": "cordon", "enabled": true, "sslRequired": "none",
  "accessTokenLifespan": 300, "ssoSessionIdleTimeout": 1800, "ssoSessionMaxLifespan": 36000,
  "eventsEnabled": true, "adminEventsEnabled": true, "adminEventsDetailsEnabled": true,
  "clients": [
    { "clientId": "cordon", "secret": "made-up-client-secret", "publicClient": false, "serviceAccountsEnabled": true,
      "standardFlowEnabled": false, "directAccessGrantsEnabled": false },
    { "clientId": "cordon-view-only", "secret": "made-up-client-secret", "publicClient": false, "serviceAccountsEnabled": true,
      "standardFlowEnabled": false, "directAccessGrantsEnabled": false },
    { "clientId": "portal", "publicClient": true, "standardFlowEnabled": false, "directAccessGrantsEnabled": true,
      "defaultClientScopes": ["basic", "profile", "email", "roles"], "optionalClientScopes": ["offline_access"],
      "protocolMappers": [{ "name": "audience", "protocol": "openid-connect", "protocolMapper": "oidc-audience-mapper",
        "config": { "included.client.audience": "api", "access.token.claim": "true", "introspection.token.claim": "true" } }] },
    { "clientId": "api", "secret": "made-up-client-secret", "publicClient": false, "standardFlowEnabled": false, "directAccessGrantsEnabled": false }
  ],
  "users": [ $users
    { "username": "service-account-cordon", "enabled": true, "serviceAccountClientId": "cordon",
      "clientRoles": { "realm-management": ["manage-users", "view-users", "query-users"] } },
    { "username": "service-account-cordon-view-only", "enabled": true, "serviceAccountClientId": "cordon-view-only",
      "clientRoles": { "realm-management": ["view-users", "query-users"] } }
  ]
}
J
}

prepare() {
  dir=${WORK:?set WORK to a working directory}/keycloak
  port=${KEYCLOAK_PORT:?set KEYCLOAK_PORT to a free port}
  home=$dir/home pidfile=$dir/pid log=$dir/keycloak.log
  mkdir -p "$dir"; cd "$dir"
}
running() { [ -s "$pidfile" ] && tr '\0' ' ' 2>/dev/null <"/proc/$(cat "$pidfile")/cmdline" | grep -qF -- "$home/"; }

start() {
  # Linked where that is possible: it is large. What a first start writes anew has to be its own.
  if cp -al "$dist" "$home" 2>/dev/null; then rm -rf "$home/lib/quarkus" "$home/data"; cp -a "$dist/lib/quarkus" "$home/lib/"; else rm -rf "$home"; cp -a "$dist" "$home"; fi
  mkdir -p "$home/data/import"; realm >"$home/data/import/cordon-realm.json"
  # The default heap is half of the machine's memory; 512 MiB is plenty here.
  KC_BOOTSTRAP_ADMIN_USERNAME=admin KC_BOOTSTRAP_ADMIN_PASSWORD=made-up-admin JAVA_OPTS_KC_HEAP='-Xms64m -Xmx512m' \
    nohup "$home/bin/kc.sh" start-dev --db=dev-mem --http-host=127.0.0.1 --http-port="$port" --cache=local --import-realm </dev/null >"$log" 2>&1 &
  echo $! >"$pidfile"
  for _ in $(seq 900); do # 180 s
    curl -sf -o /dev/null "http://127.0.0.1:$port/realms/cordon" && return
    running || { sleep 0.2; running || break; }
    sleep 0.2
  done
  echo 'Keycloak did not start' >&2; tail -20 "$log" >&2; exit 1
}

stop() {
  if running; then
    local pid kids; pid=$(cat "$pidfile"); kids=$(cat "/proc/$pid/task/$pid/children"); kill "$pid"
    for _ in $(seq 150); do running || break; sleep 0.1; done
    # kc.sh becomes the server on a first start, and has it as its child on others.
    # shellcheck disable=SC2086
    if running; then kill -9 "$pid" $kids || true; fi
  fi
  rm -f "$pidfile"
}

case ${1:-} in
  install) install ;;
  start) prepare; start ;;
  stop) prepare; stop ;;
  *) sed -n '2,10p' "$0"; exit 2 ;;
esac
