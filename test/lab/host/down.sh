# Ending the lab.
# shellcheck shell=bash

# Leaves nothing but the cache: no process, namespace, mount, control group, or changed kernel limit.
down() {
  local node
  rm -f "$STATE_FILE"
  kill_group work
  for node in $(known_nodes); do stop_node "$node"; done
  kill_group '' # whatever an interrupted run has left without a directory
  remove_stray_networks
  remove_network
  restore_kernel_limits
  if mountpoint -q "$RUN/cgroup"; then umount "$RUN/cgroup"; fi
  rm -rf --one-file-system "$RUN" "$CACHE"/building-*
  say "the lab is down"
}

remove_stray_networks() {
  local node
  for node in $(seq -f 'n%g' 1 "$MAX_NODES"); do disconnect_node "$node"; done
}
