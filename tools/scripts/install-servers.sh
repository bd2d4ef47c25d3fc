#!/usr/bin/env bash
# Installs Redis and PostgreSQL from the packages of Debian or Ubuntu, for the tests that need real servers and for services that run
# apart. Nothing is left running: tests start servers of their own, on free ports of loopback and without persistence.
set -euo pipefail

if ! command -v apt-get >/dev/null; then
  echo "error: this needs apt-get (Debian, Ubuntu); install redis-server and postgresql with your system's own means" >&2
  exit 1
fi
as_root=()
if [ "$(id -u)" -ne 0 ]; then as_root=(sudo); fi

"${as_root[@]}" apt-get update
"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y redis-server postgresql

# The packages start their services where systemd runs.
if [ -d /run/systemd/system ]; then
  "${as_root[@]}" systemctl disable --now redis-server postgresql
fi
redis-server --version
ls /usr/lib/postgresql/*/bin/postgres
