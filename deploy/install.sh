#!/bin/sh
# Installs or updates the site on Debian or Ubuntu, without Docker: as root, from a folder with the code,
#   sh deploy/install.sh https://blog.example.org
# It makes the user "blog", copies the code to /opt/blog, keeps the data in /var/lib/blog and the settings in
# /etc/blog/environment, and starts blog.service. Run it again to update: a backup is made first.
set -eu

die() {
    echo "$1" >&2
    exit 1
}

address=${1:-}
source=$(cd "$(dirname "$0")/.." && pwd)
code=/opt/blog settings=/etc/blog/environment data=/var/lib/blog

[ "$(id -u)" = 0 ] || die "Run this as root: it makes a user and a service."
[ "$source" != "$code" ] || die "Run this from where the new code is, not from $code."
if [ ! -f "$settings" ]; then
    case $address in https://*) ;; *) die "Say the public address: sh deploy/install.sh https://blog.example.org" ;; esac
fi

apt-get install -y --no-install-recommends python3 python3-venv rsync
id blog >/dev/null 2>&1 || useradd --system --home-dir "$data" --shell /usr/sbin/nologin blog
install -d -o blog -g blog -m 0700 "$data"
install -d -o root -g blog -m 0750 /etc/blog
if [ ! -f "$settings" ]; then
    umask 037
    printf 'BLOG_SITE_URL=%s\nBLOG_TRUSTED_PROXIES=1\n' "$address" >"$settings"
    chgrp blog "$settings"
fi
umask 022

as_blog() {
    runuser -u blog -- env HOME="$data" BLOG_INSTANCE_PATH="$data" sh -c '
        set -a; . /etc/blog/environment; set +a; cd /opt/blog && exec "$@"' sh "$@"
}

if [ -x "$code/.venv/bin/flask" ] && [ -f "$data/blog.db" ]; then
    install -d -o blog -g blog -m 0700 "$data/backups"
    as_blog .venv/bin/flask backup "$data/backups/before-update-$(date -u +%Y%m%dT%H%M%SZ).tar.gz"
fi
systemctl stop blog.service 2>/dev/null || true
rsync -a --delete --exclude .git --exclude .venv --exclude .cache --exclude /instance/ --exclude __pycache__ \
    "$source/" "$code/"
chown -R root:root "$code"
sh "$code/tools/install.sh"
install -m 0644 "$code/deploy/systemd/blog.service" /etc/systemd/system/blog.service
systemctl daemon-reload
systemctl enable --now blog.service

echo "The site answers on http://127.0.0.1:8000 in a moment; next, put nginx or Caddy in front (deploy/nginx.conf, deploy/Caddyfile)."
echo "The link for the first administrator:  journalctl -u blog.service | grep 'Set up'"
