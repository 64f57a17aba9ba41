"""What secrets and names look like, wherever they stand."""
