#!/bin/bash
set -e
kubectl apply -f manifests/ 2>&1 | tee apply.log
echo "deploy ok"
