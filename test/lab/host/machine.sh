# What the lab asks of this machine and gives back: packages, one run at a time, kernel limits, a control group.
# shellcheck shell=bash

readonly HOST_PACKAGES=(mmdebstrap systemd-container openssh-client iproute2 cpio socat debian-archive-keyring)

require_machine() {
  [ "$(id -u)" = 0 ] || fail "the lab needs root (namespaces, mounts): sudo npm run lab -- ..."
  [ "$(. /etc/os-release && echo "$ID")" = debian ] || fail "the lab runs on Debian 12 or newer only"
  [ "$(dpkg --print-architecture)" = amd64 ] || fail "the lab is made for amd64 only"
  [[ $LAB_DIR =~ ^/[A-Za-z0-9._/-]+$ ]] || fail "WHEELHOUSE_LAB_DIR must be a plain absolute path, not $LAB_DIR"
}

# Holds every command that changes the lab to one at a time. Long-lived processes are started with 9>&-.
take_lock() {
  mkdir -p "$LAB_DIR"
  exec 9>"$LAB_DIR/lock"
  flock -n 9 && return
  say "another lab command is at work; waiting for it (10 minutes at most)"
  flock -w 600 9 || fail "another lab command has held $LAB_DIR/lock for 10 minutes"
}

update_package_lists() {
  say "apt-get update"
  apt-get update -q >>"$RUN/apt.log" 2>&1 || fail "apt-get update failed: $(tail -n 3 "$RUN/apt.log")"
}

install_host_packages() {
  local package missing=()
  for package in "${HOST_PACKAGES[@]}"; do
    dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null | grep -qx installed || missing+=("$package")
  done
  [ ${#missing[@]} -gt 0 ] || return 0
  say "installing ${missing[*]}"
  local install=(apt-get -o Dpkg::Use-Pty=0 install -y -q --no-install-recommends "${missing[@]}")
  export DEBIAN_FRONTEND=noninteractive
  "${install[@]}" >>"$RUN/apt.log" 2>&1 && return
  update_package_lists # stale or missing lists are the usual reason
  "${install[@]}" >>"$RUN/apt.log" 2>&1 || fail "cannot install ${missing[*]}: $(tail -n 3 "$RUN/apt.log")"
}

load_modules() {
  modprobe -aq overlay veth bridge tun fuse 2>/dev/null || true # built in, or loaded on demand, elsewhere
  [ -c /dev/net/tun ] || fail "/dev/net/tun is missing: this kernel has no TUN device for the guests' network"
}

# Debian 13 raises both limits of the whole machine when a node boots; "down" puts the old values back.
readonly KERNEL_LIMITS=(/proc/sys/fs/nr_open /proc/sys/fs/file-max)

save_kernel_limits() {
  [ -e "$RUN/kernel-limits" ] || cat "${KERNEL_LIMITS[@]}" >"$RUN/kernel-limits"
}

restore_kernel_limits() {
  [ -e "$RUN/kernel-limits" ] || return 0
  local values index
  mapfile -t values <"$RUN/kernel-limits"
  for index in "${!KERNEL_LIMITS[@]}"; do
    echo "${values[index]}" >"${KERNEL_LIMITS[index]}" || true
  done
}

# Where cgroup v2 is mounted: /sys/fs/cgroup, or beside v1 in .../unified, or nowhere (then a mount of our own).
cgroup_root() {
  local mounted
  mounted=$(findmnt -n -l -t cgroup2 -o TARGET | head -n 1)
  if [ -z "$mounted" ]; then
    mounted=$RUN/cgroup
    mkdir -p "$mounted"
    mount -t cgroup2 cgroup2 "$mounted"
  fi
  echo "$mounted/$LAB_NAME"
}

# Puts the calling subshell into the lab's group $1: killing the group then ends all that it starts.
enter_group() {
  local group
  group=$(cgroup_root)/$1
  mkdir -p "$group"
  echo "$BASHPID" >"$group/cgroup.procs"
}

# Ends every process of the lab's group $1 (with no $1: of the whole lab) and removes the group.
kill_group() {
  local group attempt
  group=$(cgroup_root)${1:+/$1}
  [ -d "$group" ] || return 0
  for attempt in $(seq 1 100); do
    echo 1 >"$group/cgroup.kill"
    grep -qx 'populated 0' "$group/cgroup.events" && break
    [ "$attempt" -lt 100 ] || fail "processes in $group do not end"
    sleep 0.1
  done
  find "$group" -depth -type d -exec rmdir {} + 2>/dev/null || true
}
