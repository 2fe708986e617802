"""Running the site: schema upgrades, the server, the job worker, logs, health. Knows no article and no comment."""
