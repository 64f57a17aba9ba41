# What every recipe may use.
set -eu

# answers PORT: wait until something listens on it
answers() {
  for _ in $(seq 300); do
    (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null && return
    sleep 0.2
  done
  echo "nothing answers on port $1" >&2
  return 1
}

# has FILE PATTERN: wait until a line of the file matches
has() {
  for _ in $(seq 300); do
    grep -q -- "$2" "$1" 2>/dev/null && return
    sleep 0.2
  done
  echo "no $2 in $1" >&2
  return 1
}

# finish PID [SIGNAL]: end a program and wait for it
finish() {
  kill -"${2:-TERM}" "$1"
  wait "$1" || true
}
