# The accounts every node has: one per way to sign in. Documented in README.md.
# shellcheck shell=bash disable=SC2034

readonly KEY_PASSPHRASE=lab-passphrase

# name, password, supplementary groups, what it may do
readonly ACCOUNTS=(
  "operator:lab-operator:libvirt:member of group libvirt, no sudo; signs in by key or password"
  "admin:lab-admin::passwordless sudo; signs in by the key with a passphrase or by password"
  "kbd:lab-kbd:libvirt:keyboard-interactive alone (PAM asks for the password)"
  "guest0:lab-guest0::no rights beyond signing in by password"
)

# Creates the accounts inside the root file system $1.
create_accounts() {
  local root=$1 line name password groups rest
  for line in "${ACCOUNTS[@]}"; do
    IFS=: read -r name password groups rest <<<"$line"
    # Debian ships a group named operator, so each account joins the group of its own name if there is one
    if grep -q "^$name:" "$root/etc/group"; then
      chroot "$root" useradd -m -s /bin/bash -g "$name" ${groups:+-G "$groups"} "$name"
    else
      chroot "$root" useradd -m -s /bin/bash -U ${groups:+-G "$groups"} "$name"
    fi
    echo "$name:$password" | chroot "$root" chpasswd
  done
  echo 'admin ALL=(ALL) NOPASSWD: ALL' >"$root/etc/sudoers.d/admin"
  chmod 440 "$root/etc/sudoers.d/admin"
}

# Keys of this lab: made at "up", gone at "down".
make_keys() {
  mkdir -p "$RUN/keys"
  [ -e "$RUN/keys/id_ed25519" ] || ssh-keygen -q -t ed25519 -N '' -C lab-plain -f "$RUN/keys/id_ed25519"
  [ -e "$RUN/keys/id_ed25519_passphrase" ] ||
    ssh-keygen -q -t ed25519 -N "$KEY_PASSPHRASE" -C lab-passphrase -f "$RUN/keys/id_ed25519_passphrase"
  [ -e "$RUN/keys/id_rsa" ] || ssh-keygen -q -t rsa -b 2048 -N '' -C lab-rsa -f "$RUN/keys/id_rsa"
  # whoever called sudo may use them from the window
  chown "${SUDO_UID:-0}:${SUDO_GID:-0}" "$RUN"/keys/*
}

# Lets this lab's keys in: $1 is the upper layer of a node, $2 the base system its owners are looked up in.
authorize_keys() {
  local upper=$1 base=$2 name home owner
  for name in root operator admin; do
    home=$upper/home/$name
    [ "$name" != root ] || home=$upper/root
    owner=$(awk -F: -v name="$name" '$1 == name { print $3 ":" $4 }' "$base/etc/passwd")
    install -d -m 700 -o "${owner%:*}" -g "${owner#*:}" "$home" "$home/.ssh"
    if [ "$name" = admin ]; then
      cat "$RUN/keys/id_ed25519_passphrase.pub"
    else
      cat "$RUN/keys/id_ed25519.pub" "$RUN/keys/id_rsa.pub"
    fi >"$home/.ssh/authorized_keys"
    chown "$owner" "$home/.ssh/authorized_keys"
    chmod 600 "$home/.ssh/authorized_keys"
  done
  # nodes reach each other as root: live migration goes over qemu+ssh
  install -m 600 "$RUN/keys/id_ed25519" "$upper/root/.ssh/id_ed25519"
  printf 'Host *\n StrictHostKeyChecking no\n UserKnownHostsFile /dev/null\n LogLevel ERROR\n' >"$upper/root/.ssh/config"
}
