# SPDX-License-Identifier: Apache-2.0
# Minimal systems of Debian, made once each in build/packages/roots and entered by systemd-nspawn; as root. To be sourced
# in the folder of the repository, by who has `say` and `fail`.

readonly OUT=build/packages

# listed CODENAME ROLE...: the packages of packages.list for this Debian
listed() {
  awk -v code="$1" -v roles=" ${*:2} " \
    '!/^#/ && NF && index(roles, " " $1 " ") && (NF == 2 || $3 == code) { print $2 }' packages.list | sort -u
}

# root NAME CODENAME [PACKAGE...]: a system with these packages and nothing that does not need to be there; FOREIGN=arm64
# in the environment makes one that can have packages of that machine too.
root() {
  local name=$1 codename=$2 folder=$OUT/roots/$1 wanted
  shift 2
  wanted="$codename $*"
  if [ "$(cat "$folder.made" 2>/dev/null)" = "$wanted" ]; then return 0; fi
  say "a minimal $codename: $name"
  rm -rf "$folder" "$folder.made"
  mkdir -p "$OUT/roots"
  mmdebstrap --quiet --mode=root --variant=minbase --dpkgopt=force-unsafe-io \
    --architectures="$(dpkg --print-architecture)${FOREIGN:+,$FOREIGN}" \
    ${1:+"--include=$(IFS=,; echo "$*")"} "$codename" "$folder"
  echo "$wanted" >"$folder.made"
}

# inside NAME [OPTION...] COMMAND...: runs it in a root, with the network of this machine.
inside() {
  local name=$1
  shift
  systemd-nspawn --quiet --register=no --keep-unit --console=pipe --directory="$OUT/roots/$name" "$@" </dev/null
}

# fresh NAME FROM: a root to be spoiled, as another one is now.
fresh() {
  rm -rf "${OUT:?}/roots/$1"
  cp -a "$OUT/roots/$2" "$OUT/roots/$1"
}

# each_of COMMAND WHAT...: does what was asked for, by the functions deb, tarball and arm64 of who calls it.
each_of() {
  local command=$1 what; shift
  [ "$(id -u)" = 0 ] || fail "roots can only be made by root: sudo $command"
  for what in "$@"; do
    case "$what" in
      bookworm | trixie) deb "$what" ;;
      tarball | arm64) "$what" ;;
      *) fail "unknown package '$what'; there are: bookworm trixie tarball arm64" ;;
    esac
  done
}
