# Variants of a node: the same base system with tools taken away, as a cached layer above it.
# shellcheck shell=bash

# Packages that a variant lacks, as patterns for apt.
missing_packages() {
  case $1 in
    full) ;;
    libvirt-only) echo 'lxc lxcfs liblxc-common liblxc1 criu' ;;
    lxc-only) echo '^libvirt ^qemu-' ;;
    bare) echo 'lxc lxcfs liblxc-common liblxc1 criu ^libvirt ^qemu-' ;;
    *) fail "unknown variant $1 (full, libvirt-only, lxc-only, bare)" ;;
  esac
}

layer_dir() { echo "$CACHE/layer-$1-$2.$(fingerprint "${BASE_RECIPE[@]}" "$LAB_SOURCE/host/variant-layer.sh")"; }

# Lower layers of a node for overlayfs, topmost first.
lower_layers() { # $1 debian, $2 variant
  [ "$2" = full ] || printf '%s:' "$(layer_dir "$1" "$2")"
  base_dir "$1"
}

# Removes the packages with dpkg's own knowledge, so that the node looks as if they had never been installed.
build_layer() { # $1 debian, $2 variant
  local debian=$1 variant=$2 target building
  target=$(layer_dir "$debian" "$variant")
  [ "$variant" != full ] && [ ! -d "$target" ] || return 0
  building=$CACHE/building-layer-$debian-$variant
  rm -rf --one-file-system "$building"
  mkdir -p "$building"/{upper,work,root}
  # shellcheck disable=SC2016  # expanded by the inner shell
  unshare -m --propagation private bash -euc '
    mount -t overlay overlay -o "lowerdir=$1,upperdir=$2/upper,workdir=$2/work" "$2/root"
    cd "$2/root"
    rm -f etc/systemd/system/libvirt-guests.service
    DEBIAN_FRONTEND=noninteractive chroot . apt-get purge -y -q --auto-remove $3
    [ -e usr/bin/virsh ] || rm -rf etc/libvirt var/lib/libvirt var/log/libvirt
    [ -e usr/bin/lxc-start ] || rm -rf etc/lxc var/lib/lxc
  ' build-layer "$(base_dir "$debian")" "$building" "$(missing_packages "$variant")" >"$RUN/layer-$debian-$variant.log" 2>&1 || {
    tail -n 20 "$RUN/layer-$debian-$variant.log" >&2
    fail "the variant $variant of Debian $debian could not be built"
  }
  mv "$building/upper" "$target"
  rm -rf --one-file-system "$building"
}
