// Package shop talks to the payment provider.
package shop

import (
	"context"
	"errors"
	"fmt"
	"net"
	"syscall"
)

var (
	ErrUnauthorized = errors.New("401 Unauthorized: the token has expired or is wrong")
	ErrNoRoute      = errors.New("no route to host")
	errTooMany      = errors.New("too many open files")
)

// reason gives an error a name for the metric shop_payment_errors_total.
func reason(err error) string {
	var dns *net.DNSError
	switch {
	case err == nil:
		return ""
	case errors.Is(err, syscall.ECONNREFUSED):
		return "connection refused"
	case errors.Is(err, context.DeadlineExceeded):
		return "context deadline exceeded"
	case errors.As(err, &dns) && dns.IsNotFound:
		return "no such host"
	case errors.Is(err, errTooMany):
		return fmt.Sprintf("too many open files (limit %d)", 1024)
	default:
		return "other"
	}
}
