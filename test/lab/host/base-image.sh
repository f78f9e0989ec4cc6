# Base systems of the nodes: one read-only root file system per Debian release, built once and cached.
# shellcheck shell=bash

readonly NODE_PACKAGES=(
  systemd systemd-sysv dbus udev libpam-systemd sudo polkitd openssh-server
  iproute2 iputils-ping procps psmisc ca-certificates netcat-openbsd socat rsync curl
  qemu-system-x86 qemu-utils libvirt-daemon-system libvirt-clients
  lxc lxcfs criu uidmap busybox-static bridge-utils dnsmasq-base nftables iptables xz-utils zstd attr
)

# A node shares the machine's kernel: it must not run udev on its devices, nor stop guests slowly at shutdown.
readonly MASKED_UNITS=(
  systemd-udevd.service systemd-udev-trigger.service systemd-udevd-control.socket systemd-udevd-kernel.socket
  systemd-udev-settle.service libvirt-guests.service e2scrub_reap.service console-getty.service
  apt-daily.timer apt-daily-upgrade.timer
)

base_dir() { echo "$CACHE/base-$1.$(fingerprint "${BASE_RECIPE[@]}")"; }

# Builds the base system of Debian $1 unless it is cached; fails with 3 when the mirror does not carry it.
build_base() {
  local debian=$1 target building packages
  target=$(base_dir "$debian")
  [ ! -d "$target" ] || return 0
  building=$CACHE/building-base-$debian
  rm -rf --one-file-system "$building"
  write_sources "$(codename_of "$debian")" "$RUN/$debian.list" || return 3
  write_acquire_options "$RUN/$debian.apt.conf"
  packages=("${NODE_PACKAGES[@]}")
  [ "$debian" != 12 ] || packages+=(libvirt-daemon-system-systemd)
  mmdebstrap --variant=minbase --mode=root --include="$(IFS=,; echo "${packages[*]}")" \
    --aptopt='APT::Install-Recommends "false"' --aptopt="$RUN/$debian.apt.conf" \
    --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-exclude=/usr/share/locale/*' \
    --dpkgopt='path-exclude=/usr/share/man/*' --dpkgopt=force-unsafe-io \
    "$(codename_of "$debian")" "$building" "$RUN/$debian.list" >"$RUN/base-$debian.log" 2>&1
  customize_base "$building" >>"$RUN/base-$debian.log" 2>&1
  mv "$building" "$target" # complete, or not there at all
}

customize_base() {
  local root=$1 unit
  for unit in "${MASKED_UNITS[@]}"; do
    ln -sf /dev/null "$root/etc/systemd/system/$unit"
  done
  install -m 644 "$LAB_SOURCE/node/sshd.conf" "$root/etc/ssh/sshd_config.d/lab.conf"
  install -m 644 "$LAB_SOURCE/node/lab-bridge.service" "$root/etc/systemd/system/lab-bridge.service"
  chroot "$root" systemctl --quiet enable lab-bridge.service
  # sshd 9.8 and later locks out an address after failed sign-ins, and all tests come from one address
  if chroot "$root" sshd -o 'PerSourcePenalties no' -T >/dev/null 2>&1; then
    echo 'PerSourcePenalties no' >"$root/etc/ssh/sshd_config.d/lab-penalties.conf"
  fi
  mkdir -p "$root/etc/libvirt/qemu/networks/autostart"
  ln -sf /etc/libvirt/qemu/networks/default.xml "$root/etc/libvirt/qemu/networks/autostart/default.xml"
  # the machine may have AppArmor in its kernel; the nodes have none in their userland
  echo 'security_driver = "none"' >>"$root/etc/libvirt/qemu.conf"
  sed -i 's/^lxc.apparmor.profile *=.*/lxc.apparmor.profile = unconfined/' "$root/etc/lxc/default.conf"
  # native TCP for migration inside the lab's network
  chroot "$root" systemctl --quiet enable libvirtd-tcp.socket
  sed -i 's/^#\?auth_tcp.*/auth_tcp = "none"/' "$root/etc/libvirt/libvirtd.conf"
  # unprivileged containers need a range on every node
  echo root:100000:65536 >"$root/etc/subuid"
  echo root:100000:65536 >"$root/etc/subgid"
  create_accounts "$root"
  rm -f "$root"/etc/ssh/ssh_host_* "$root/etc/machine-id" "$root/etc/resolv.conf" "$root"/var/cache/apt/archives/*.deb
  : >"$root/etc/resolv.conf" # nodes have no name server: look-ups fail at once instead of waiting for one
}
