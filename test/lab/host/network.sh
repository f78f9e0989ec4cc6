# The lab's network: a bridge in a namespace of its own. Nothing is added to the machine's own namespace.
# shellcheck shell=bash

# Also where only the name is left, without the mount that should stand behind it.
remove_namespace() {
  [ -e "/run/netns/$1" ] || return 0
  ip netns del "$1" 2>/dev/null || rm -f "/run/netns/$1"
}

create_network() {
  if [ -n "$(ip -n "$BRIDGE_NETNS" -br link show br0 up 2>/dev/null)" ]; then return; fi
  remove_namespace "$BRIDGE_NETNS" # half made by a run that was killed
  [ -d /run/netns ] || touch "$RUN/made-run-netns"
  ip netns add "$BRIDGE_NETNS"
  ip -n "$BRIDGE_NETNS" link set lo up
  ip -n "$BRIDGE_NETNS" link add br0 type bridge
  ip -n "$BRIDGE_NETNS" addr add "$SUBNET.1/24" dev br0
  ip -n "$BRIDGE_NETNS" link set br0 up
}

remove_network() {
  remove_namespace "$BRIDGE_NETNS"
  # iproute2 mounts its directory upon itself the first time it is used
  if [ -e "$RUN/made-run-netns" ] && [ -z "$(ls -A /run/netns)" ]; then
    umount /run/netns 2>/dev/null || true
    rmdir /run/netns 2>/dev/null || true
  fi
}

connect_node() {
  local node=$1 netns
  netns=$(netns_of "$node")
  ip netns add "$netns"
  ip -n "$netns" link set lo up
  ip -n "$BRIDGE_NETNS" link add "$node" type veth peer name eth0 netns "$netns"
  ip -n "$BRIDGE_NETNS" link set "$node" master br0 up
  ip -n "$netns" addr add "$(address_of "$node")/24" dev eth0
  ip -n "$netns" link set eth0 up
  ip -n "$netns" route add default via "$SUBNET.1"
}

disconnect_node() {
  remove_namespace "$(netns_of "$1")"
  # the namespace may outlive its name for a moment; the name of the link must be free at once
  ip -n "$BRIDGE_NETNS" link del "$1" 2>/dev/null || true
}

# 127.0.0.1:PORT on this machine leads to sshd of the node, over the lab's bridge: a partition cuts it as well.
# Two processes joined by a socket in the file system, which is the one thing both namespaces share.
forward_node() {
  local node=$1 socket=$RUN/nodes/$1/ssh.sock port
  port=$(port_of "$node")
  kill_group "forward-$node"
  [ -z "$(ss -Hltn "src 127.0.0.1:$port")" ] ||
    fail "port $port of 127.0.0.1, meant for $node, is taken by another program (WHEELHOUSE_LAB_PORT_BASE moves the ports)"
  rm -f "$socket"
  (
    enter_group "forward-$node"
    exec setsid nsenter --net="/run/netns/$BRIDGE_NETNS" socat \
      "UNIX-LISTEN:$socket,fork,mode=600" "TCP4:$(address_of "$node"):22,nodelay"
  ) </dev/null >"$RUN/nodes/$node/forward.log" 2>&1 9>&- &
  disown
  (
    enter_group "forward-$node"
    exec setsid socat "TCP4-LISTEN:$port,bind=127.0.0.1,fork,reuseaddr,nodelay" "UNIX-CONNECT:$socket"
  ) </dev/null >>"$RUN/nodes/$node/forward.log" 2>&1 9>&- &
  disown
  local attempt
  for attempt in $(seq 1 50); do
    [ -z "$(ss -Hltn "src 127.0.0.1:$port")" ] || [ ! -S "$socket" ] || return 0
    [ "$attempt" -lt 50 ] || break
    sleep 0.1
  done
  fail "127.0.0.1:$port cannot be forwarded to $node: $(tail -n 2 "$RUN/nodes/$node/forward.log")"
}
