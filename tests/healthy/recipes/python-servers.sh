cat > app.py <<'PY'
import logging

from flask import Flask

logging.basicConfig(level=logging.INFO)
app = Flask(__name__)


@app.get("/")
def index():
    return "ok\n"


@app.get("/stock")
def stock():
    try:
        {}["apples"]
    except KeyError:
        app.logger.warning("no apples in stock, answered with 0")
    return "0\n"
PY
cat > tasks.py <<'PY'
from celery import Celery

app = Celery("shop", broker="redis://127.0.0.1:6379/0", backend="redis://127.0.0.1:6379/1")


@app.task(bind=True, max_retries=3)
def charge(self, order):
    if self.request.retries < 1:
        raise self.retry(exc=RuntimeError("payment provider busy"), countdown=0.2)
    return f"order {order} charged"
PY
bin=/opt/tools/venv/bin
served() {
  answers 8080
  for path in / /stock /missing; do curl -s "127.0.0.1:8080$path" > /dev/null; done
  finish "$@"
}
$bin/gunicorn -w 2 -b 127.0.0.1:8080 --access-logfile - app:app > "$OUT/gunicorn-run.log" 2>&1 & served $!
$bin/flask --app app run --port 8080 > "$OUT/flask-run.log" 2>&1 & served $!
$bin/python -c 'import uvicorn, a2wsgi, app; uvicorn.run(a2wsgi.WSGIMiddleware(app.app), port=8080)' > "$OUT/uvicorn-run.log" 2>&1 & served $!
redis-server --save '' > /dev/null & answers 6379
C_FORCE_ROOT=1 $bin/celery -A tasks worker -c 1 -l info > "$OUT/celery-run.log" 2>&1 & worker=$!
has "$OUT/celery-run.log" ready
$bin/python -c 'import tasks; print([tasks.charge.delay(n).get(timeout=20) for n in range(3)])'
finish $worker
