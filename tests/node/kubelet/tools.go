//go:build tools

// Package kubelet pins the kubelet of the test node.
package kubelet

import _ "k8s.io/kubernetes/cmd/kubelet"
