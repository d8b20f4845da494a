# SPDX-License-Identifier: Apache-2.0
# For the scripts that try a package in a root: each thing that must be true has a line, and the first that is not ends it.

say() { printf '== %s\n' "$*"; }

# must WHAT COMMAND...
must() {
  local what=$1 said
  shift
  if said=$("$@" 2>&1); then printf 'ok      %s\n' "$what"; return 0; fi
  printf 'FAILED  %s\n  %s\n%s\n' "$what" "$*" "$said"
  exit 1
}

mustnt() { local what=$1; shift; must "$what" not "$@"; }
not() { ! "$@"; }

# soon SECONDS WHAT COMMAND...: within this time
soon() {
  local end=$((SECONDS + $1)) what=$2
  shift 2
  until "$@" >/dev/null 2>&1 || [ "$SECONDS" -ge "$end" ]; do sleep 0.5; done
  must "$what" "$@"
}

# says PATTERN COMMAND...: what it prints has this
says() {
  local pattern=$1 said
  shift
  said=$("$@" 2>&1) || true
  printf '%s\n' "$said"
  grep -q -- "$pattern" <<<"$said"
}

is() { [ "$1" = "$2" ] || { printf '%s instead of %s\n' "$1" "$2"; return 1; }; }
