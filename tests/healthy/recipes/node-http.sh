cat > server.js <<'JS'
const http = require('http')
const log = (level, message, more = {}) => console.log(JSON.stringify({ level, time: new Date().toISOString(), message, ...more }))
const server = http.createServer((request, response) => {
  log('info', 'request', { method: request.method, url: request.url })
  response.end('ok\n')
})
server.listen(8080, '127.0.0.1', () => log('info', 'listening', { port: 8080, errors: 0, timeout: server.requestTimeout }))
process.on('warning', (warning) => console.error(warning.stack))
process.on('SIGTERM', () => { log('info', 'SIGTERM received, draining'); server.close(() => { log('info', 'closed'); process.exit(0) }) })
JS
node server.js & server=$!
answers 8080
for path in / /orders /healthz; do curl -s "127.0.0.1:8080$path" > /dev/null; done
finish $server
node -e 'new Buffer(1); Promise.reject(new Error("nothing in stock")).catch(e => console.log("caught:", e.message))'
