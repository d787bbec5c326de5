# Shared by ./run, ./test and .ci/run: progress, installing what is missing, building. Sourced, not run.
set -euo pipefail
ROOT="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
LOGS="$ROOT/build/logs"
mkdir -p "$LOGS"
export CCACHE_NOHASHDIR=1 CCACHE_BASEDIR="$ROOT" CMAKE_COLOR_DIAGNOSTICS="${CMAKE_COLOR_DIAGNOSTICS:-OFF}"

BUILD_PACKAGES=(g++ cmake ninja-build ccache mold pkg-config python3 ca-certificates
  libboost1.81-dev libboost-json1.81-dev libxml2-dev libsqlite3-dev libpq-dev libssl-dev libsodium-dev
  libcurl4-openssl-dev zlib1g-dev libcli11-dev libtomlplusplus-dev prometheus-cpp-dev libturbojpeg0-dev
  libmaxminddb-dev libpango1.0-dev libcairo2-dev fonts-noto-core libpng-dev libgif-dev libwebp-dev libseccomp-dev
  libjemalloc-dev libxxhash-dev)
TEST_PACKAGES=(libgtest-dev libgmock-dev librapidcheck-dev postgresql-15 curl sqlite3 libxml2-utils openssl unzip poppler-utils)
S3_PACKAGES=(swift-proxy swift-account swift-container swift-object)
BROWSER_PACKAGES=(chromium fonts-dejavu-core)
FUZZ_PACKAGES=(clang libclang-rt-14-dev)

STEP=0
STEPS="${STEPS:-6}"
step() { STEP=$((STEP + 1)); printf '\n[%d/%d] %s\n' "$STEP" "$STEPS" "$*"; }
fail() { printf '\nStopped: %s\n' "$1" >&2; shift; for line in "$@"; do printf '  %s\n' "$line" >&2; done; exit 1; }

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"
  elif command -v sudo >/dev/null; then sudo "$@"
  else fail "this needs root, and there is no sudo" "Run it as root once, or install: $*"
  fi
}

# Runs a command with its output in a log; on a terminal shows its last line while it runs.
logged() {
  local name="$1"; shift
  local log="$LOGS/$name.log" started=$SECONDS status=0
  "$@" >"$log" 2>&1 &
  local child=$!
  if [ -t 1 ]; then
    while kill -0 "$child" 2>/dev/null; do
      printf '\r\033[K  %4ds  %.90s' $((SECONDS - started)) "$(tail -n 1 "$log" 2>/dev/null | tr -d '\r\033' || true)"
      sleep 0.5
    done
    printf '\r\033[K'
  fi
  wait "$child" || status=$?
  if [ "$status" -ne 0 ]; then tail -n 25 "$log" >&2; printf '  (whole log: %s)\n' "${log#"$ROOT"/}" >&2; fi
  [ "$status" -ne 0 ] || printf '  done in %ds\n' $((SECONDS - started))
  return "$status"
}

need_disk() {
  local free_mb
  free_mb=$(df -Pm "$ROOT" | awk 'NR==2 {print $4}')
  [ "$free_mb" -ge "$1" ] || fail "only ${free_mb} MB free on the disk of $ROOT, about $1 MB are needed" \
    "Free some space and start again; what was built is kept."
}

install_packages() {
  local missing=() package
  for package in "$@"; do
    dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing+=("$package")
  done
  if [ ${#missing[@]} -eq 0 ]; then echo "  all $# Debian packages are there"; return; fi
  command -v apt-get >/dev/null || fail "this is no Debian system" "Install the equivalents of: ${missing[*]}"
  echo "  installing ${#missing[@]} of $# Debian packages: ${missing[*]}"
  export DEBIAN_FRONTEND=noninteractive
  logged apt-update as_root apt-get update -q ||
    fail "the package lists could not be fetched" "Is there a network connection, and are the mirrors in /etc/apt reachable?"
  logged apt-install as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "${missing[@]}" ||
    fail "Debian packages could not be installed" "See the lines above; then run this again, it goes on where it stopped."
}

# The console needs Node 20 or later; Debian 12 ships 18, so a newer one is taken from npm into .tools/.
NODE_VERSION=22.23.3
NPM_VERSION=11.19.1
NODE_MAJOR_LEAST=20
prepare_node() {
  local tools="$ROOT/.tools/node" machine
  case "$(uname -m)" in x86_64) machine=x64 ;; aarch64) machine=arm64 ;; *) machine=$(uname -m) ;; esac
  if command -v node >/dev/null && command -v npm >/dev/null &&
    [ "$(node -p 'process.versions.node.split(".")[0]')" -ge "$NODE_MAJOR_LEAST" ] && [ "$(npm --version | cut -d. -f1)" -ge 11 ]; then
    echo "  Node $(node --version) is there"
    return
  fi
  if [ ! -x "$tools/bin/node" ]; then
    command -v npm >/dev/null || install_packages nodejs npm
    mkdir -p "$tools"
    logged node-install npm install --no-audit --no-fund --prefix "$tools" "node-linux-$machine@$NODE_VERSION" "npm@$NPM_VERSION" ||
      fail "Node $NODE_VERSION could not be fetched from the npm registry" "Is there a network connection?"
    mkdir -p "$tools/bin"
    ln -sf "$tools/node_modules/node-linux-$machine/bin/node" "$tools/bin/node"
    printf '#!/bin/sh\nexec "%s/bin/node" "%s/node_modules/npm/bin/npm-cli.js" "$@"\n' "$tools" "$tools" >"$tools/bin/npm"
    printf '#!/bin/sh\nexec "%s/bin/node" "%s/node_modules/npm/bin/npx-cli.js" "$@"\n' "$tools" "$tools" >"$tools/bin/npx"
    chmod +x "$tools/bin/npm" "$tools/bin/npx"
  fi
  export PATH="$tools/bin:$PATH"
  echo "  Node $(node --version), npm $(npm --version)"
}

build_console() {
  prepare_node
  cd "$ROOT/web"
  if [ ! -d node_modules ] || [ package-lock.json -nt node_modules/.package-lock.json ]; then
    logged npm-ci npm ci --no-audit --no-fund ||
      fail "the console's npm packages could not be installed" "Is there a network connection? See build/logs/npm-ci.log."
  fi
  local newer=dist/index.html
  if [ -f dist/index.html ]; then
    newer=$(find src index.html package-lock.json vite.config.* tsconfig*.json -newer dist/index.html -type f | head -n 1)
  fi
  if [ -n "$newer" ]; then
    logged console-build npm run build || fail "the console could not be built" "See build/logs/console-build.log."
  else
    echo "  the console is up to date"
  fi
  cd "$ROOT"
}

build_preset() {
  local preset="$1"; shift
  cd "$ROOT"
  logged "configure-$preset" cmake --preset "$preset" || fail "CMake could not configure $preset" "See build/logs/configure-$preset.log."
  if [ -t 1 ]; then
    cmake --build --preset "$preset" "$@" || fail "the build failed" "The first error is above."
  else
    logged "build-$preset" cmake --build --preset "$preset" "$@" || fail "the build failed" "See build/logs/build-$preset.log."
  fi
}
