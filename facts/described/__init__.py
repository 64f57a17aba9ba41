"""What `kubectl describe` tells of an object, by kind: each module turns an outline into objects of the API."""
