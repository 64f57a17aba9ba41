"""What kubectl describe prints, by kind."""
