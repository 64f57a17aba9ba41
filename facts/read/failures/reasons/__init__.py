"""What a chain of reasons says: the reason that decides, the object, the peer, the operation."""
