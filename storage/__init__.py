"""Tasks, accounts, the ledger of credits, the inbox of updates, and files on disk."""
