#!/bin/bash
# Runs on a node: gives it a running and a stopped QEMU guest, a running and a stopped container,
# as far as the node has libvirt and LXC.
set -eu
node=$(hostname)

define_guest() { # $1 name, $2 description
  virsh -q vol-create-as default "$1.qcow2" 256M --format qcow2
  sed "s/@NAME@/$1/g; s/@DESCRIPTION@/$2/" /opt/lab/guest.xml >"/opt/lab/$1.xml"
  virsh -q define "/opt/lab/$1.xml"
}

seed_libvirt() {
  virsh -q net-start default 2>/dev/null || true # usually started by libvirtd
  virsh -q net-define /dev/stdin <<<"<network><name>lan</name><forward mode='bridge'/><bridge name='lan0'/></network>"
  virsh -q net-autostart lan
  virsh -q net-start lan
  virsh -q pool-define-as default dir --target /var/lib/libvirt/images
  virsh -q pool-start default
  virsh -q pool-autostart default
  mkdir -p /var/lib/libvirt/spare
  virsh -q pool-define-as spare dir --target /var/lib/libvirt/spare # defined, and left inactive
  define_guest "vm-$node" 'lab guest that runs'
  define_guest "vm-$node-off" 'lab guest that is shut off'
  virsh -q autostart "vm-$node"
  virsh -q start "vm-$node"
}

seed_lxc() {
  systemctl start lxc-net # waits until lxcbr0 is there
  lxc-create -q -n "ct-$node" -t busybox >/dev/null
  lxc-create -q -n "ct-$node-off" -t busybox >/dev/null
  echo 'lxc.start.auto = 1' >>"/var/lib/lxc/ct-$node/config"
  lxc-start -n "ct-$node"
}

if command -v virsh >/dev/null; then seed_libvirt; fi
if command -v lxc-create >/dev/null; then seed_lxc; fi
