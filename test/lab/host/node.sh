# One node: its files, its start, its end.
# shellcheck shell=bash

node_dir() { echo "$RUN/nodes/$1"; }
node_alive() { grep -qxs 'populated 1' "$(cgroup_root)/$1/cgroup.events"; }
node_ready() { [ -e "$(node_dir "$1")/ready" ] && node_alive "$1"; }

# Nodes of the running lab, ready or not.
known_nodes() {
  local dir
  for dir in "$RUN"/nodes/n[1-9]; do
    [ ! -d "$dir" ] || basename "$dir"
  done
}

prepare_files() { # $1 node, $2 debian, $3 variant
  local node=$1 debian=$2 variant=$3 dir base upper uuid type other
  dir=$(node_dir "$node")
  base=$(base_dir "$debian")
  upper=$dir/upper
  mkdir -p "$dir"/{upper,work,root,libvirt,lxc} "$upper"/etc/{ssh,libvirt} "$upper/opt/lab"
  chmod 755 "$dir/lxc"
  echo "$debian" >"$dir/debian"
  echo "$variant" >"$dir/variant"
  cp -a "$base/var/lib/libvirt/." "$dir/libvirt/"
  chmod 711 "$dir/libvirt"
  echo "$node" >"$upper/etc/hostname"
  {
    echo 127.0.0.1 localhost
    for other in $(seq 1 "$MAX_NODES"); do echo "$(address_of "n$other") n$other"; done
  } >"$upper/etc/hosts"
  # libvirt refuses to migrate between hosts that carry one identity
  uuid=$(cat /proc/sys/kernel/random/uuid)
  echo "${uuid//-/}" >"$upper/etc/machine-id"
  if [ "$variant" = full ] || [ "$variant" = libvirt-only ]; then
    cp "$base/etc/libvirt/libvirtd.conf" "$upper/etc/libvirt/"
    echo "host_uuid = \"$uuid\"" >>"$upper/etc/libvirt/libvirtd.conf"
  else
    rmdir "$upper/etc/libvirt"
  fi
  for type in ed25519 rsa; do
    ssh-keygen -q -t $type -N '' -C "root@$node" -f "$upper/etc/ssh/ssh_host_${type}_key"
  done
  authorize_keys "$upper" "$base"
  install -m 755 "$LAB_SOURCE/node/seed.sh" "$upper/opt/lab/"
  install -m 644 "$LAB_SOURCE/node/guest.xml" "$(guest_dir)/vmlinuz" "$(guest_dir)/initrd.gz" "$upper/opt/lab/"
}

start_node() { # $1 node, $2 debian, $3 variant
  local node=$1 dir
  dir=$(node_dir "$node")
  prepare_files "$@"
  connect_node "$node"
  (
    enter_group "$node"
    exec setsid nsenter --net="/run/netns/$(netns_of "$node")" unshare --mount --propagation private \
      bash "$LAB_SOURCE/host/boot-node.sh" "$node" "$dir" "$(lower_layers "$2" "$3")" "$RUN/shared"
  ) </dev/null >"$dir/console.log" 2>&1 9>&- &
  disown # it outlives this command, and bash need not announce its end
}

stop_node() {
  local node=$1
  kill_group "forward-$node"
  kill_group "$node"
  disconnect_node "$node"
  rm -rf --one-file-system "$(node_dir "$node")"
}

# Waits until sshd of the node names itself: the node is reachable then, other units may still start.
wait_for_ssh() {
  local node=$1 attempt
  for attempt in $(seq 1 300); do
    node_alive "$node" || [ "$attempt" -lt 10 ] || break
    # shellcheck disable=SC2016  # expanded by the inner shell
    if ip netns exec "$BRIDGE_NETNS" timeout 2 bash -c \
      'exec 3<>"/dev/tcp/$0/22" && read -r banner <&3 && [[ $banner == SSH-* ]]' "$(address_of "$node")" 2>/dev/null; then
      return 0
    fi
    sleep 0.2
  done
  tail -n 20 "$(node_dir "$node")/console.log" >&2
  fail "$node does not answer by ssh"
}

ssh_node() { # $1 node, rest: the command
  local node=$1
  shift
  ip netns exec "$BRIDGE_NETNS" ssh -i "$RUN/keys/id_ed25519" -o IdentitiesOnly=yes -o LogLevel=ERROR \
    -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -o ConnectTimeout=10 "root@$(address_of "$node")" "$@"
}

seed_node() {
  local node=$1
  ssh_node "$node" bash /opt/lab/seed.sh >"$(node_dir "$node")/seed.log" 2>&1 9>&- || {
    tail -n 20 "$(node_dir "$node")/seed.log" >&2
    fail "the guests of $node could not be made"
  }
  touch "$(node_dir "$node")/ready"
}
