"""The words every room shares: requests, tasks, capabilities, credits and errors."""
