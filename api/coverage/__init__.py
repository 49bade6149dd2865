"""What it costs to serve communes without a post, with real rounds, and whom each remedy reaches."""
