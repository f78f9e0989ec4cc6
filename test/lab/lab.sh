#!/bin/bash
# The lab: real Debian nodes on this machine. See README.md, or run it without arguments.
set -euo pipefail
LAB_SOURCE=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
readonly LAB_SOURCE
for part in settings accounts machine mirror base-image variant-layer guest-image network node faults state-file up down; do
  # shellcheck source=/dev/null
  . "$LAB_SOURCE/host/$part.sh"
done

usage() {
  cat <<'USAGE'
Usage: npm run lab -- COMMAND          (as root, on Debian)
  up [N] [--variant nX=KIND] [--debian nX=12|13]
                        start N nodes (2 unless given); KIND: full, libvirt-only, lxc-only, bare
  status                what runs, and how to reach it
  ssh nX [COMMAND...]   a root shell on a node, or one command
  expose                forward 127.0.0.1:221X to the nodes again and print the addresses
  down                  stop everything and remove all but the cached base systems
Faults for tests:
  partition nX | heal nX            take the node's network link away | give it back
  reboot nX                         reboot the node and wait until it answers
  pause-sshd nX | resume-sshd nX    sshd accepts connections and never answers | works again
  rekey nX                          new host keys
USAGE
}

status() {
  local node dir
  [ -n "$(known_nodes)" ] || { echo "The lab is down. Start it with: npm run lab -- up"; return 0; }
  for node in $(known_nodes); do
    dir=$(node_dir "$node")
    echo "== $node: Debian $(cat "$dir/debian"), $(cat "$dir/variant"), $(address_of "$node"), 127.0.0.1:$(port_of "$node")"
    if ! node_alive "$node"; then
      echo "not running (an earlier run was cut short: up or down puts it right)"
    else
      ssh_node "$node" 'systemctl is-system-running
        ! command -v virsh >/dev/null || virsh -q list --all
        ! command -v lxc-ls >/dev/null || lxc-ls -f' || echo "$node does not answer"
    fi
  done
}

require_node() {
  [[ ${1:-} =~ ^n[1-9]$ ]] || fail "name a node: n1, n2, ..."
  node_alive "$1" || fail "$1 is not running"
}

main() {
  local command=${1:-}
  shift || true
  case $command in
    up | down | status | ssh | expose | partition | heal | reboot | pause-sshd | resume-sshd | rekey) require_machine ;;
    help | -h | --help) usage; return 0 ;;
    *) usage >&2; return 2 ;;
  esac
  case $command in
    status) status; return ;;
    ssh) require_node "${1:-}"; ssh_node "$@"; return ;;
  esac
  take_lock
  case $command in
    up) up "$@"; return ;;
    down) down; return ;;
    expose) expose; return ;;
  esac
  require_node "${1:-}"
  case $command in
    partition) partition_node "$1" ;;
    heal) heal_node "$1" ;;
    reboot) reboot_node "$1" ;;
    pause-sshd) signal_sshd "$1" STOP ;;
    resume-sshd) signal_sshd "$1" CONT ;;
    rekey) rekey_node "$1" ;;
  esac
}

main "$@"
