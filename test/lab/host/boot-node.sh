#!/bin/bash
# Boots one node and keeps it booted. Runs in the node's network namespace and in a mount namespace of its
# own, so that every mount made here ends with its last process.
set -eu
node=$1 dir=$2 lower=$3 shared=$4

# sysfs and cgroup2 as seen from this network namespace; without them lxc.service waits 30 s
umount -l -R /sys
mount -t sysfs sysfs /sys
mount -t cgroup2 cgroup2 /sys/fs/cgroup
mount -t overlay overlay -o "lowerdir=$lower,upperdir=$dir/upper,workdir=$dir/work,volatile" "$dir/root" 2>/dev/null ||
  mount -t overlay overlay -o "lowerdir=$lower,upperdir=$dir/upper,workdir=$dir/work" "$dir/root"
mount -t tmpfs -o mode=755 tmpfs /run # nspawn keeps its books there

binds=(--bind=/dev/net/tun --bind="$shared:/srv/shared")
[ ! -c /dev/fuse ] || binds+=(--bind=/dev/fuse)
[ ! -d "$dir/root/etc/libvirt" ] || binds+=(--bind="$dir/libvirt:/var/lib/libvirt")
[ ! -d "$dir/root/etc/lxc" ] || binds+=(--bind="$dir/lxc:/var/lib/lxc")

export SYSTEMD_NSPAWN_UNIFIED_HIERARCHY=1 SYSTEMD_NSPAWN_API_VFS_WRITABLE=1 SYSTEMD_SECCOMP=0
while :; do
  result=0
  systemd-nspawn --quiet --boot --directory="$dir/root" --machine="$node" --uuid="$(cat "$dir/upper/etc/machine-id")" \
    --register=no --keep-unit --capability=all --private-users=no --resolv-conf=off --link-journal=no --timezone=off \
    --console=pipe "${binds[@]}" || result=$?
  [ $result = 133 ] || exit $result # 133: the node was rebooted
  # a real reboot drops the bridges and taps, a network namespace keeps them
  for link in /sys/class/net/*; do
    case ${link##*/} in
      lo | eth0) ;;
      *) ip link del "${link##*/}" 2>/dev/null || true ;;
    esac
  done
done
