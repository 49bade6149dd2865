"""Coverage studies of the service: asked for, computed as jobs, read, handed out."""
