# What the QEMU guests boot: Debian's cloud kernel and a busybox initramfs of 1.3 MB (a shell on ttyS0 in seconds under TCG).
# shellcheck shell=bash

# Kernel modules of the guest, in the order they are loaded.
readonly GUEST_MODULES=(
  drivers/virtio/virtio drivers/virtio/virtio_ring drivers/virtio/virtio_pci_legacy_dev
  drivers/virtio/virtio_pci_modern_dev drivers/virtio/virtio_pci net/core/failover drivers/net/net_failover
  drivers/net/virtio_net drivers/block/virtio_blk drivers/virtio/virtio_balloon drivers/char/virtio_console
  drivers/acpi/button drivers/input/evdev
)

guest_dir() { echo "$CACHE/guest.$(fingerprint "$LAB_SOURCE/host/guest-image.sh" "$LAB_SOURCE"/guest/*)"; }

# The package behind the name linux-image-cloud-amd64; nothing where apt has no lists yet.
cloud_kernel() {
  apt-cache depends linux-image-cloud-amd64 2>/dev/null | awk '/Depends: linux-image/ && !found { print $2; found = 1 }' || true
}

build_guest_image() {
  local target building kernel
  target=$(guest_dir)
  [ ! -d "$target" ] || return 0
  building=$CACHE/building-guest
  rm -rf --one-file-system "$building"
  mkdir -p "$building"/{debs,unpacked,image}
  kernel=$(cloud_kernel)
  if [ -z "$kernel" ]; then
    update_package_lists
    kernel=$(cloud_kernel)
  fi
  [ -n "$kernel" ] || fail "linux-image-cloud-amd64 is not on this machine's mirror"
  (
    cd "$building/debs" || exit 1
    apt-get -q download "$kernel" busybox-static >"$RUN/guest.log" 2>&1 ||
      { apt-get update -q && apt-get -q download "$kernel" busybox-static; } >>"$RUN/guest.log" 2>&1 ||
      fail "cannot download the guests' kernel and busybox: $(tail -n 3 "$RUN/guest.log")"
    for package in *.deb; do dpkg-deb -x "$package" "$building/unpacked"; done
  )
  install -m 644 "$building"/unpacked/boot/vmlinuz-* "$building/image/vmlinuz"
  pack_initramfs "$building/unpacked" "$building/initramfs" >"$building/image/initrd.gz"
  mv "$building/image" "$target"
  rm -rf --one-file-system "$building"
}

pack_initramfs() { # $1 unpacked packages, $2 directory to fill; writes the archive to stdout
  local packages=$1 tree=$2 modules module applet order=10
  mkdir -p "$tree"/{bin,sbin,proc,sys,dev,etc/acpi/PWRF,root,mnt,lib/modules,tmp,var/run}
  install -m 755 "$(find "$packages" -path '*/bin/busybox' -type f | head -n 1)" "$tree/bin/busybox"
  for applet in $("$tree/bin/busybox" --list); do
    [ "$applet" = busybox ] || ln -sf /bin/busybox "$tree/bin/$applet"
  done
  modules=$(find "$packages" -type d -path '*/modules/*/kernel' | head -n 1)
  for module in "${GUEST_MODULES[@]}"; do
    [ -f "$modules/$module.ko" ] || continue # built in, or named otherwise, in another kernel
    install -m 644 "$modules/$module.ko" "$tree/lib/modules/$order-${module##*/}.ko"
    order=$((order + 1))
  done
  echo 'root::0:0:root:/root:/bin/sh' >"$tree/etc/passwd"
  echo 'root:x:0:' >"$tree/etc/group"
  install -m 755 "$LAB_SOURCE/guest/init" "$tree/init"
  install -m 644 "$LAB_SOURCE/guest/inittab" "$tree/etc/inittab"
  install -m 755 "$LAB_SOURCE/guest/lease.sh" "$tree/etc/udhcpc.sh"
  install -m 755 "$LAB_SOURCE/guest/power-button.sh" "$tree/etc/acpi/PWRF/00000080"
  (cd "$tree" && find . | cpio -o -H newc --quiet | gzip -1)
}
