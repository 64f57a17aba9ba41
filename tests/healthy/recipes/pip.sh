# needs: network
/opt/tools/venv/bin/pip install --target run/packages requests httpx tenacity retrying 2>&1 | grep -v "^Looking in"
/opt/tools/venv/bin/pip list
/opt/tools/venv/bin/pip check
