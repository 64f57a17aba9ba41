# needs: network
npm init -y
npm install --no-fund --no-audit express request async-retry
npm ls
npm run env | grep -c npm_
