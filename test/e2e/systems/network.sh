#!/usr/bin/env bash
# A small routed network in namespaces: a workstation, a server and a management host behind a router with nftables, and an
# sshd in the router that takes one key and, with it, only the commands that add to, delete from and list one set.
#
#   WORK=dir NETNS_PREFIX=name NETNS_RELAY_PORT=port network.sh up | down
#
#   workstation 10.77.1.2 -- 10.77.1.1 router 10.77.2.1 -- 10.77.2.2 server (HTTP on 80)
#                                        router 10.77.3.1 -- 10.77.3.2 management host
#
# No address of these is visible outside of the namespaces. A relay lets a process outside reach the router's sshd on a loopback
# port. Needs root. WORK/netns then holds: client (the key), known_hosts, commands.log (one line for each command that sshd took).
set -euo pipefail
dir=${WORK:?set WORK to a working directory}/netns
prefix=${NETNS_PREFIX:?set NETNS_PREFIX to the beginning of the names of the namespaces}
relay_port=${NETNS_RELAY_PORT:?set NETNS_RELAY_PORT to a free port}
ws=10.77.1.2 srv=10.77.2.2 mgt=10.77.3.2 rtr=10.77.3.1
PATH=$PATH:/usr/sbin:/sbin
mkdir -p "$dir"; chmod 700 "$dir"; cd "$dir"

in_ns() { local n=$1; shift; ip netns exec "$prefix-$n" "$@"; }
alive() { [ -s "$dir/$1.pid" ] && tr '\0' ' ' 2>/dev/null <"/proc/$(cat "$dir/$1.pid")/cmdline" | grep -qF "$dir/"; }

ruleset() {
  cat <<N
table inet cordon {
  set isolated { type ipv4_addr; }
  chain forward {
    type filter hook forward priority filter; policy accept;
    # ahead of any rule for established connections, so that those are cut as well
    ip saddr @isolated ip daddr != $mgt counter drop
    ip daddr @isolated ip saddr != $mgt counter drop
  }
  chain input {
    type filter hook input priority filter; policy accept;
    ip saddr @isolated counter drop
  }
}
N
}

link() { # name address gateway: a namespace, and its cable to the router
  ip netns add "$prefix-$1"
  ip -n "$prefix-$1" link add eth0 type veth peer name "to-$1" netns "$prefix-rtr"
  ip -n "$prefix-$1" addr add "$2/24" dev eth0; ip -n "$prefix-$1" link set lo up; ip -n "$prefix-$1" link set eth0 up
  ip -n "$prefix-rtr" addr add "$3/24" dev "to-$1"; ip -n "$prefix-rtr" link set "to-$1" up
  ip -n "$prefix-$1" route add default via "$3"
}

up() {
  ip netns add "$prefix-rtr"; ip -n "$prefix-rtr" link set lo up
  link ws $ws 10.77.1.1; link srv $srv 10.77.2.1; link mgt $mgt $rtr
  in_ns rtr sh -c 'echo 1 >/proc/sys/net/ipv4/ip_forward'
  ruleset >ruleset.nft; in_ns rtr nft -f "$dir/ruleset.nft"
  mkdir -p www; echo hello >www/index.html
  ip netns exec "$prefix-srv" python3 -m http.server --bind $srv --directory "$dir/www" 80 </dev/null >http.log 2>&1 & echo $! >http.pid
  start_ssh
  for _ in $(seq 200); do
    in_ns ws timeout 1 bash -c "exec 3<>/dev/tcp/$srv/80" 2>/dev/null && (exec 3<>"/dev/tcp/127.0.0.1/$relay_port") 2>/dev/null && return
    sleep 0.1
  done
  echo 'the network did not come up' >&2; tail -5 ./*.log >&2; exit 1
}

start_ssh() {
  local k
  for k in host client; do ssh-keygen -q -t ed25519 -N '' -C "cordon-$k" -f "$k"; done
  cat >allowed <<S
#!/bin/bash
# Forced command: only these three, word for word; the address has to be one of the workstations' network.
set -f
LC_ALL=C
c=\${SSH_ORIGINAL_COMMAND:-}
printf '%s\n' "\$c" >>"$dir/commands.log"
octet='(25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])'
if [[ \$c =~ ^nft\ (add|delete)\ element\ inet\ cordon\ isolated\ \{\ (10\.77\.1\.\$octet)\ \}\$ ]]; then
  exec /usr/sbin/nft "\${BASH_REMATCH[1]}" element inet cordon isolated "{ \${BASH_REMATCH[2]} }"
elif [[ \$c == 'nft -j list set inet cordon isolated' ]]; then
  exec /usr/sbin/nft -j list set inet cordon isolated
fi
echo 'this key may not do that' >&2
exit 126
S
  chmod 755 allowed
  echo "restrict,command=\"$dir/allowed\" $(cat client.pub)" >authorized_keys; chmod 600 authorized_keys
  echo "[127.0.0.1]:$relay_port $(cat host.pub)" >known_hosts
  cat >sshd_config <<C
ListenAddress $rtr
Port 22
HostKey $dir/host
PidFile none
AuthorizedKeysFile $dir/authorized_keys
StrictModes no
AuthenticationMethods publickey
PermitRootLogin forced-commands-only
AllowUsers root
UsePAM no
UseDNS no
PrintMotd no
C
  mkdir -p /run/sshd; chmod 755 /run/sshd
  ip netns exec "$prefix-rtr" /usr/sbin/sshd -D -e -f "$dir/sshd_config" </dev/null >sshd.log 2>&1 & echo $! >sshd.pid
  cat >relay.py <<'P'
# Listens on loopback where it is started; connects from the namespace it then moves into.
import ctypes, os, socket, sys, threading
port, ns, host = int(sys.argv[1]), sys.argv[2], sys.argv[3]
listener = socket.create_server(('127.0.0.1', port), reuse_port=False)
fd = os.open('/run/netns/' + ns, os.O_RDONLY)
if ctypes.CDLL(None, use_errno=True).setns(fd, 0x40000000): raise OSError(ctypes.get_errno(), 'setns')
def pipe(a, b):
    try:
        while data := a.recv(65536): b.sendall(data)
        b.shutdown(socket.SHUT_WR)
    except OSError: pass
def serve(c):
    try: s = socket.create_connection((host, 22), 10); s.settimeout(None)
    except OSError: c.close(); return
    t = threading.Thread(target=pipe, args=(s, c), daemon=True); t.start(); pipe(c, s); t.join(); c.close(); s.close()
while True: threading.Thread(target=serve, args=(listener.accept()[0],), daemon=True).start()
P
  python3 "$dir/relay.py" "$relay_port" "$prefix-mgt" "$rtr" </dev/null >relay.log 2>&1 & echo $! >relay.pid
}

down() {
  local n pid
  for n in relay sshd http; do
    if alive $n; then
      pid=$(cat $n.pid); kill "$pid"
      for _ in $(seq 50); do alive $n || break; sleep 0.1; done
      if alive $n; then kill -9 "$pid"; fi
    fi
    rm -f $n.pid
  done
  for n in ws srv mgt rtr; do if ip netns list | grep -q "^$prefix-$n\b"; then ip netns del "$prefix-$n"; fi; done
}

case ${1:-} in
  up) up ;;
  down) down ;;
  *) sed -n '2,12p' "$0"; exit 2 ;;
esac
