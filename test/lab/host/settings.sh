# Names, addresses and places of the lab. Sourced by lab.sh; everything else reads these.
# shellcheck shell=bash disable=SC2034  # the variables are read by the other files

readonly LAB_DIR=${WHEELHOUSE_LAB_DIR:-/var/cache/wheelhouse-lab}
readonly CACHE=$LAB_DIR/cache # base systems: survive "down", safe to delete while the lab is down
readonly RUN=$LAB_DIR/run     # the running lab: removed by "down"
readonly STATE_FILE=$RUN/state.json

# One word for network namespaces and the control group; a second lab beside the first needs another
# name, another directory and another first port.
readonly LAB_NAME=${WHEELHOUSE_LAB_NAME:-wheelhouse-lab}
readonly BRIDGE_NETNS=$LAB_NAME
readonly PORT_BASE=${WHEELHOUSE_LAB_PORT_BASE:-2210} # node nX answers at 127.0.0.1:PORT_BASE+X
readonly SUBNET=10.77.0                              # exists in the lab's own network namespaces only
readonly MAX_NODES=9

readonly BASE_RECIPE=(
  "$LAB_SOURCE/host/base-image.sh" "$LAB_SOURCE/host/accounts.sh"
  "$LAB_SOURCE/node/sshd.conf" "$LAB_SOURCE/node/lab-bridge.service"
)

netns_of() { echo "$LAB_NAME-$1"; }
number_of() { echo "${1#n}"; }
address_of() { echo "$SUBNET.$((10 + ${1#n}))"; }
port_of() { echo $((PORT_BASE + ${1#n})); }

# Even nodes run Debian 13, odd ones Debian 12, as far as the mirror has both.
default_debian_of() { echo $((13 - ${1#n} % 2)); }

codename_of() {
  case $1 in
    12) echo bookworm ;;
    13) echo trixie ;;
    *) fail "there is no recipe for Debian $1" ;;
  esac
}

# Short name of a recipe: a changed recipe builds a new image beside the old one.
fingerprint() { cat "$@" | sha256sum | cut -c1-12; }

readonly STARTED_MS=$(($(date +%s%N) / 1000000))
say() {
  local elapsed=$(($(date +%s%N) / 1000000 - STARTED_MS))
  printf '%4d.%ds  %s\n' $((elapsed / 1000)) $((elapsed % 1000 / 100)) "$*"
}
fail() {
  printf 'lab: %s\n' "$*" >&2
  exit 1
}
