# This machine's own Debian mirror, whichever way it is configured: apt itself is asked, files are not parsed.
# shellcheck shell=bash

readonly ARCHIVE_KEYRING=/usr/share/keyrings/debian-archive-keyring.gpg

# Prints "uri" of the configured archive that carries suite $1 of this machine's own release.
configured_uri() {
  # shellcheck disable=SC2016  # apt's own placeholders
  apt-get indextargets --format '$(CODENAME) $(RELEASE) $(COMPONENT) $(REPO_URI)' 'Created-By: Packages' 2>/dev/null |
    awk -v suite="$1" '$3 == "main" && ($1 == suite || $2 == suite) { print $4 }' | sort -u | head -n 1
}

mirror_has() { # $1 uri, $2 suite
  /usr/lib/apt/apt-helper -qq download-file "${1%/}/dists/$2/InRelease" "$RUN/probe.$BASHPID" >/dev/null 2>&1
  local result=$?
  rm -f "$RUN/probe.$BASHPID"
  return $result
}

# Writes apt source lines for release $1 (a codename) to the file $2; fails when the mirror does not carry it.
write_sources() {
  local codename=$1 file=$2 own archive security suite
  own=$(. /etc/os-release && echo "$VERSION_CODENAME")
  archive=$(configured_uri "$own")
  if [ -z "$archive" ]; then
    update_package_lists
    archive=$(configured_uri "$own")
  fi
  [ -n "$archive" ] || fail "no Debian mirror for $own is configured in apt"
  mirror_has "$archive" "$codename" || return 1
  : >"$file"
  for suite in "$codename" "$codename-updates"; do
    if mirror_has "$archive" "$suite"; then
      echo "deb [signed-by=$ARCHIVE_KEYRING] $archive $suite main" >>"$file"
    fi
  done
  security=$(configured_uri "$own-security")
  if [ -n "$security" ] && mirror_has "$security" "$codename-security"; then
    echo "deb [signed-by=$ARCHIVE_KEYRING] $security $codename-security main" >>"$file"
  fi
}

# The machine's proxy and validity settings, for an apt that does not read /etc/apt of this machine.
write_acquire_options() {
  apt-config dump Acquire | grep -E '^Acquire::(http|https|Retries|Check-Valid-Until|Check-Date)' >"$1" || true
}
