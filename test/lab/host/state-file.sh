# state.json: what tests and people need to reach the nodes. Read by lab-nodes.ts, which holds its schema.
# All values are made by the lab itself and need no escaping.
# shellcheck shell=bash

write_state() {
  local node dir separator='' line name password may signs
  {
    printf '{\n  "version": 1,\n  "lab": "%s",\n  "nodes": [' "$LAB_NAME"
    for node in $(known_nodes); do
      dir=$(node_dir "$node")
      node_ready "$node" || continue
      printf '%s\n    { "name": "%s", "debian": %s, "variant": "%s", "host": "127.0.0.1", "port": %s, "address": "%s",\n' \
        "$separator" "$node" "$(cat "$dir/debian")" "$(cat "$dir/variant")" "$(port_of "$node")" "$(address_of "$node")"
      printf '      "guests": %s, "containers": %s }' \
        "$(pair_if "$dir" libvirt "vm-$node")" "$(pair_if "$dir" lxc "ct-$node")"
      separator=,
    done
    printf '\n  ],\n  "keys": {\n'
    printf '    "plain": "%s",\n    "rsa": "%s",\n' "$RUN/keys/id_ed25519" "$RUN/keys/id_rsa"
    printf '    "encrypted": "%s",\n    "passphrase": "%s"\n  },\n' "$RUN/keys/id_ed25519_passphrase" "$KEY_PASSPHRASE"
    printf '  "accounts": [\n    { "name": "root", "password": null, "signIn": ["plain", "rsa"], "may": "everything" }'
    for line in "${ACCOUNTS[@]}"; do
      IFS=: read -r name password _ may <<<"$line"
      case $name in
        operator) signs='["plain", "rsa", "password"]' ;;
        admin) signs='["encrypted", "password"]' ;;
        kbd) signs='["keyboard-interactive"]' ;;
        *) signs='["password"]' ;;
      esac
      printf ',\n    { "name": "%s", "password": "%s", "signIn": %s, "may": "%s" }' "$name" "$password" "$signs" "$may"
    done
    printf '\n  ]\n}\n'
  } >"$STATE_FILE.new"
  mv "$STATE_FILE.new" "$STATE_FILE"
}

# A running and a stopped one, or null where the node's variant lacks the tools.
pair_if() { # $1 directory of the node, $2 what is asked for, $3 name
  case $(cat "$1/variant"):$2 in
    full:* | libvirt-only:libvirt | lxc-only:lxc) printf '{ "running": "%s", "stopped": "%s-off" }' "$3" "$3" ;;
    *) printf null ;;
  esac
}
