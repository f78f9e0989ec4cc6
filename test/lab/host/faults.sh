# Faults on purpose, for tests of a client's behaviour.
# shellcheck shell=bash

partition_node() { ip -n "$BRIDGE_NETNS" link set "$1" down; }
heal_node() { ip -n "$BRIDGE_NETNS" link set "$1" up; }

# sshd that accepts (the kernel does) and never answers. Sessions that are established go on.
signal_sshd() { # $1 node, $2 signal
  local processes
  processes=$(cat "$(cgroup_root)/$1/payload/system.slice/ssh.service/cgroup.procs" 2>/dev/null) || true
  [ -n "$processes" ] || fail "sshd of $1 does not run"
  xargs kill "-$2" <<<"$processes"
}

# New host keys, as after a reinstallation.
rekey_node() {
  ssh_node "$1" 'rm -f /etc/ssh/ssh_host_*_key* && ssh-keygen -q -A && systemctl restart ssh'
  wait_for_ssh "$1"
}

# The process ids (as this machine counts) of systemd in the node; another one stands for another boot.
node_init() { cat "$(cgroup_root)/$1/payload/init.scope/cgroup.procs" 2>/dev/null || true; }

reboot_node() {
  local node=$1 before attempt now
  before=$(node_init "$node")
  ssh_node "$node" systemctl reboot || true # the connection may end before the command does
  for attempt in $(seq 1 600); do
    now=$(node_init "$node")
    [ -z "$now" ] || [ "$now" = "$before" ] || break
    [ "$attempt" -lt 600 ] || fail "$node did not restart within a minute"
    sleep 0.1
  done
  wait_for_ssh "$node"
}
