#!/bin/sh
# Called by udhcpc, which sets the variables.
# shellcheck disable=SC2154
[ "$1" = bound ] || exit 0
ip addr flush dev "$interface"
ip addr add "$ip/$mask" dev "$interface"
[ -z "$router" ] || ip route add default via "${router%% *}"
