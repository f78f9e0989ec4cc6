# Starting the lab, or what is missing of it.
# shellcheck shell=bash

# Per node: the release that was asked for, the one it gets (the mirror may lack the other), the variant.
declare -A ASKED_DEBIAN=() WANTED_DEBIAN=() WANTED_VARIANT=()
declare -a WANTED_NODES=()

parse_up() {
  local count=2 node
  if [[ ${1:-} =~ ^[0-9]+$ ]]; then
    count=$1
    shift
  fi
  if [ "$count" -lt 1 ] || [ "$count" -gt "$MAX_NODES" ]; then fail "the lab has 1 to $MAX_NODES nodes"; fi
  for node in $(seq -f 'n%g' 1 "$count"); do
    WANTED_NODES+=("$node")
    WANTED_DEBIAN[$node]=$(default_debian_of "$node")
    WANTED_VARIANT[$node]=full
  done
  while [ $# -gt 0 ]; do
    [[ ${2:-} =~ ^(n[1-9])=([a-z0-9-]+)$ ]] || fail "$1 needs nX=VALUE"
    node=${BASH_REMATCH[1]}
    [ -n "${WANTED_VARIANT[$node]:-}" ] || fail "there is no $node among $count nodes"
    case $1 in
      --variant) WANTED_VARIANT[$node]=${BASH_REMATCH[2]}; missing_packages "${BASH_REMATCH[2]}" >/dev/null ;;
      --debian) WANTED_DEBIAN[$node]=${BASH_REMATCH[2]}; codename_of "${BASH_REMATCH[2]}" >/dev/null ;;
      *) fail "unknown option $1" ;;
    esac
    shift 2
  done
  for node in "${WANTED_NODES[@]}"; do ASKED_DEBIAN[$node]=${WANTED_DEBIAN[$node]}; done
}

# Runs "function arguments..." for each line of stdin at the same time; fails when one fails. Not for the end of
# a pipe: only in this shell itself does an interrupt reach the wait.
in_parallel() {
  local line jobs=() job result=0
  while read -r line; do
    # shellcheck disable=SC2086  # a line is a function and its arguments
    ( enter_group work; $line ) </dev/null 9>&- &
    jobs+=($!)
  done
  for job in "${jobs[@]}"; do wait "$job" || result=$?; done
  return $result
}

# Base systems of every release that is wanted; releases the mirror lacks are replaced by one it has.
build_wanted_bases() {
  local debian node result available='' missing=''
  declare -A builds=()
  for debian in $(printf '%s\n' "${WANTED_DEBIAN[@]}" | sort -u); do
    [ -d "$(base_dir "$debian")" ] || say "building the base system of Debian $debian (about a minute, once)"
    ( enter_group work; build_base "$debian" ) </dev/null 9>&- &
    builds[$debian]=$!
  done
  for debian in "${!builds[@]}"; do
    result=0
    wait "${builds[$debian]}" || result=$?
    case $result in
      0) available=$debian ;;
      3) missing=$debian ;;
      *)
        tail -n 20 "$RUN/base-$debian.log" >&2 || true
        fail "the base system of Debian $debian could not be built"
        ;;
    esac
  done
  [ -n "$missing" ] || return 0
  [ -n "$available" ] || fail "this machine's Debian mirror carries neither of the releases that were asked for"
  say "Debian $missing ($(codename_of "$missing")) is not on this machine's mirror: these nodes run Debian $available instead"
  for node in "${WANTED_NODES[@]}"; do
    [ "${WANTED_DEBIAN[$node]}" != "$missing" ] || WANTED_DEBIAN[$node]=$available
  done
}

wanted_layers() {
  local node
  for node in "${WANTED_NODES[@]}"; do
    [ "${WANTED_VARIANT[$node]}" = full ] || echo "build_layer ${WANTED_DEBIAN[$node]} ${WANTED_VARIANT[$node]}"
  done | sort -u
}

# Images of older recipes, as long as no node stands on them.
prune_cache() {
  local entry keep
  [ -z "$(known_nodes)" ] || return 0
  keep=" $(guest_dir) $(base_dir 12) $(base_dir 13) "
  for entry in 12 13; do
    keep+="$(layer_dir $entry libvirt-only) $(layer_dir $entry lxc-only) $(layer_dir $entry bare) "
  done
  for entry in "$CACHE"/*; do
    [[ ! -d $entry || $keep == *" $entry "* ]] || rm -rf --one-file-system "$entry"
  done
}

# Nodes that run as they are wanted need nothing.
drop_running_nodes() {
  local node missing=()
  for node in "${WANTED_NODES[@]}"; do
    if node_ready "$node" && [ "$(cat "$(node_dir "$node")/variant")" = "${WANTED_VARIANT[$node]}" ] &&
      [ "$(cat "$(node_dir "$node")/asked")" = "${ASKED_DEBIAN[$node]}" ]; then
      say "$node is up already"
    else
      missing+=("$node")
    fi
  done
  WANTED_NODES=("${missing[@]}")
}

# Ends what this run has started and not finished.
abandon() {
  local node
  trap - EXIT INT TERM
  echo "lab: up did not finish; what it had started is being stopped" >&2
  exec 2>/dev/null # the reason has been printed; what follows is bash announcing the end of jobs
  kill_group work
  for node in $(known_nodes); do node_ready "$node" || stop_node "$node"; done
  [ -n "$(known_nodes)" ] || down >/dev/null
}

finish_node() {
  wait_for_ssh "$1"
  seed_node "$1"
  say "$1 is ready: Debian $(cat "$(node_dir "$1")/debian"), $(cat "$(node_dir "$1")/variant")"
}

up() {
  local node
  parse_up "$@"
  mkdir -p "$CACHE" "$RUN/nodes" "$RUN/shared"
  chmod 700 "$RUN/nodes"
  chmod 777 "$RUN/shared"
  trap abandon EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM
  kill_group work # of an earlier run that was killed
  prune_cache
  install_host_packages
  load_modules
  drop_running_nodes
  if [ ${#WANTED_NODES[@]} = 0 ]; then
    expose
    trap - EXIT INT TERM
    return
  fi
  [ -d "$(guest_dir)" ] || say "packing the guests' kernel"
  in_parallel <<<build_guest_image
  build_wanted_bases
  in_parallel < <(wanted_layers)
  make_keys
  save_kernel_limits
  create_network
  for node in "${WANTED_NODES[@]}"; do
    stop_node "$node"
    start_node "$node" "${WANTED_DEBIAN[$node]}" "${WANTED_VARIANT[$node]}"
    echo "${ASKED_DEBIAN[$node]}" >"$(node_dir "$node")/asked"
  done
  in_parallel < <(printf 'finish_node %s\n' "${WANTED_NODES[@]}")
  expose
  trap - EXIT INT TERM
}

expose() {
  local node
  [ -n "$(known_nodes)" ] || fail "the lab is down"
  for node in $(known_nodes); do
    node_ready "$node" || continue
    forward_node "$node"
    echo "$node  ssh -i $RUN/keys/id_ed25519 -p $(port_of "$node") root@127.0.0.1"
  done
  write_state
}
