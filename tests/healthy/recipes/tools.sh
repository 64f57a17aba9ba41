# Fetches what is no Debian package into $TOOLS, once.
set -eu
mkdir -p "$TOOLS"
cd "$TOOLS"
test -d venv || { python3 -m venv venv && venv/bin/pip install -q flask gunicorn uvicorn a2wsgi celery redis pytest; }
