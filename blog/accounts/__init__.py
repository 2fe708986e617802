"""Who works here: accounts, roles, people in bylines, signing in."""
