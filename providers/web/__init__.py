"""HTTP to video services: calls, downloads, checked addresses, and pools of keys."""
