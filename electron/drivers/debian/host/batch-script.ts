/**
 * The scripts that read a host. Each is one constant text, handed to `sh -c` as one argument; whatever varies comes as
 * a positional parameter and is only ever used quoted. Many reads in one process on the far side are what makes a refresh
 * cheaper than a channel for each command. POSIX sh only (dash), tools of Debian's essential packages, virsh and lxc-*.
 *
 * $1 is the mark that separates the outputs; see `splitSections`.
 */
const prelude = `
n=$1
PATH=$PATH:/usr/sbin:/sbin
export PATH LC_ALL=C.UTF-8
nl='
'
has() { command -v "$1" >/dev/null 2>&1; }
section() {
  printf '\\n%s begin %s\\n' "$n" "$1"; shift
  { e=$("$@" 2>&1 >&3 3>&-); r=$?; } 3>&1
  printf '\\n%s end %s\\n%s\\n%s done\\n' "$n" "$r" "$e" "$n"
}
v() { virsh -q -c qemu:///system "$@" </dev/null; }
isnum() { case $1 in ''|*[!0-9]*) return 1;; esac; }
isuuid() { case $1 in ''|*[!0-9a-f-]*) return 1;; esac; }
finish() { section end true; exit 0; }
`;

/** Everything that moves: the host's counters, all domains with their statistics, all containers with theirs. */
const status = `
uid=$(id -u)
host() { date +%s%3N; cat /proc/uptime; grep -hE '^(cpu |btime |MemTotal:|MemAvailable:|MemFree:)' /proc/stat /proc/meminfo; }
section host host
section net cat /proc/net/dev
section disks cat /proc/diskstats
domains() {
  v "echo \\"$n: list$nl\\"; list --all --uuid --name; echo \\"$n: saved$nl\\"; list --all --uuid --with-managed-save; echo \\"$n: stats$nl\\"; domstats --raw --nowait --state --cpu-total --balloon --vcpu --interface --block; echo \\"$n: end$nl\\""
}
pids=
cpids=
if has virsh; then
  section domains domains
  files=
  for f in /run/libvirt/qemu/*.pid; do
    [ -r "$f" ] || continue
    p=; read -r p <"$f" || :
    isnum "$p" && pids="$pids $p" && files="$files$p $f$nl"
  done
  section pidfiles printf '%s' "$files"
fi
if has lxc-ls; then section lxc true; fi
if has lxc-ls && [ "$uid" = 0 ]; then
  containers() { lxc-ls -f -F STATE,PID,UNPRIVILEGED,NAME; }
  if list=$(containers 2>/dev/null); then section containers printf '%s\\n' "$list"; else section containers containers; fi
  cpids=$(printf '%s\\n' "$list" | while read -r _ p _; do isnum "$p" && printf ' %s' "$p"; done)
  section cgroups grep -HsE '^(usage_usec|[0-9])' /sys/fs/cgroup/lxc.payload.*/cpu.stat /sys/fs/cgroup/lxc.payload.*/memory.current /sys/fs/cgroup/lxc.payload.*/io.stat
fi
files=
for p in $pids $cpids; do files="$files /proc/$p/stat"; done
[ -z "$files" ] || section procs cat $files
files=
for p in $cpids; do files="$files /proc/$p/net/dev"; done
[ -z "$files" ] || section nets grep -Hs ':' $files
`;

/** What changes seldom: facts of the host, pools, networks, bridges, configurations of containers. */
const seldom = `
facts() { printf 'hostname=%s\\n' "$(hostname)"; printf 'kernel=%s\\n' "$(uname -r)"; printf 'machine=%s\\n' "$(uname -m)"; printf 'user=%s\\n' "$(id -un)"
  printf 'machine-id=%s\\n' "$(cat /etc/machine-id 2>/dev/null)"; printf 'debian=%s\\n' "$(cat /etc/debian_version 2>/dev/null)"
  printf 'cpus=%s\\n' "$(grep -c '^processor' /proc/cpuinfo)"; printf 'model=%s\\n' "$(grep -m1 '^model name' /proc/cpuinfo)"; }
section facts facts
section release cat /etc/os-release
bridges() { for b in /sys/class/net/*/bridge; do [ -d "$b" ] || continue; b=\${b%/bridge}; printf '%s %s\\n' "$(cat "$b/operstate")" "\${b##*/}"; done; }
section bridges bridges
if has virsh; then
  lists() { v "echo \\"$n: version$nl\\"; version; echo \\"$n: pools$nl\\"; pool-list --uuid; echo \\"$n: networks$nl\\"; net-list --uuid; echo \\"$n: end$nl\\""; }
  section lists lists
  pools() { c=; for u in $(v pool-list --all --uuid); do isuuid "$u" && c="$c; echo \\"$n: $u$nl\\"; pool-dumpxml $u"; done; [ -z "$c" ] || v "\${c#; }"; }
  section pools pools
  networks() { c=; for u in $(v net-list --all --uuid); do isuuid "$u" && c="$c; echo \\"$n: $u$nl\\"; net-dumpxml $u"; done; [ -z "$c" ] || v "\${c#; }"; }
  section networks networks
fi
if has lxc-ls; then
  section lxcversion lxc-ls --version
  if [ "$uid" = 0 ]; then
    P=$(lxc-config lxc.lxcpath)
    section lxcpath printf '%s' "$P"
    section lxcdisk df -P -B1 -T -- "$P"
    section lxcconfigs grep -HsE '^[[:space:]]*lxc[.]' "$P"/*/config
  fi
fi
`;

/** Reads the moving part. $1: mark. */
export const statusScript = `${prelude}${status}finish\n`;

/** Reads everything that the inventory holds. $1: mark. */
export const fullScript = `${prelude}${status}${seldom}finish\n`;

/** Finds out what the account may do. $1: mark. Small, because it runs plainly and then once more with sudo. */
export const accessScript = `${prelude}
section uid id -u
section user id -un
if has virsh; then section virsh v uri; fi
if has lxc-ls; then section lxc true; fi
if [ "$(id -u)" != 0 ] && has sudo; then section sudo sudo -n true; fi
finish
`;

/** Reads one domain. $1: mark, $2: its UUID. The agent has a limit of its own: one that hangs must not hide the rest. */
export const domainScript = `${prelude}
isuuid "$2" || exit 64
one() { v "echo \\"$n: live$nl\\"; dumpxml $2; echo \\"$n: inactive$nl\\"; dumpxml --inactive $2; echo \\"$n: state$nl\\"; domstate --reason $2; echo \\"$n: lease$nl\\"; domifaddr --full --source lease $2; echo \\"$n: info$nl\\"; dominfo $2; echo \\"$n: end$nl\\""; }
section domain one "$n" "$2"
agent() { timeout 5 virsh -q -c qemu:///system domifaddr --full --source agent "$1" </dev/null; }
section agent agent "$2"
finish
`;

/** Reads one container of root. $1: mark, $2: its name. */
export const containerScript = `${prelude}
P=$(lxc-config lxc.lxcpath)
section info lxc-info -n "$2"
section addresses lxc-info -iH -n "$2"
section config cat -- "$P/$2/config"
finish
`;

/** Reads the state of one domain. $1: mark, $2: its UUID. */
export const domainStateScript = `${prelude}
isuuid "$2" || exit 64
one() { v "domstate --reason $1"; }
section state one "$2"
saved() { v list --all --uuid --with-managed-save; }
section saved saved
finish
`;

/** Reads the state of one container. $1: mark, $2: its name. */
export const containerStateScript = `${prelude}
section state lxc-info -sH -n "$2"
finish
`;

/**
 * Tells of changes, a line each, until its input ends: that is how the far side learns that nobody listens any more, also
 * when the connection breaks and also under sudo, whose processes the account could not signal. When libvirt's stream
 * ends (libvirtd restarted), everything ends and is started anew. Needs no parameter.
 */
export const watchScript = `${prelude}
exec 3<&0
pids=
if has virsh; then virsh -q -c qemu:///system event --all --loop --timestamp </dev/null 3<&- & pids=$!; fi
if has lxc-monitor && [ "$(id -u)" = 0 ]; then lxc-monitor -n '.*' </dev/null 3<&- & pids="$pids $!"; fi
[ -n "$pids" ] || exit 69
( while read -r _; do :; done <&3; kill $pids 2>/dev/null ) &
w=$!
for p in $pids; do wait "$p"; r=$?; break; done
kill $pids "$w" 2>/dev/null
exit "$r"
`;
