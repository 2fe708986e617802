# Varnish before the site, told by it what changed. Needs varnish and varnish-modules (Debian), and a proxy in front that
# ends TLS, such as nginx.conf with "server 127.0.0.1:6081;" for its upstream.
#
#   varnishd -f /opt/blog/deploy/varnish.vcl -a readers=127.0.0.1:6081 -a purges=127.0.0.1:6082 -s malloc,256m \
#       -p backend_idle_timeout=10
#
# (Ten seconds are less than the fifteen after which the site ends an idle connection.)
# Settings of the site: BLOG_KEY_HEADER=xkey, BLOG_PURGE_URL=http://127.0.0.1:6082/, BLOG_CDN_SECONDS=3600,
# BLOG_TRUSTED_PROXIES=2 (nginx and this).
vcl 4.1;

import xkey;

backend default {
    .host = "127.0.0.1";
    .port = "8000";
    .connect_timeout = 2s;
    .first_byte_timeout = 60s;
}

sub vcl_recv {
    # Who may purge is who reaches that address: nothing that comes from readers ever arrives there.
    if (local.socket == "purges") {
        if (req.method != "POST" || !req.http.Surrogate-Key) {
            return (synth(400, "A purge is a POST with Surrogate-Key"));
        }
        return (synth(200, "Forgotten: " + xkey.purge(req.http.Surrogate-Key)));
    }
    if (req.url ~ "^/metrics") {
        return (synth(404));
    }
}

sub vcl_backend_response {
    # Pages and pictures say for how long they may be kept. What does not say so is not kept, whatever it is.
    if (beresp.http.Cache-Control !~ "s-maxage=[1-9]|immutable") {
        set beresp.uncacheable = true;
        return (deliver);
    }
    # Not a second longer: a page ends when it changes by itself, at a publication for instance.
    set beresp.grace = 0s;
    set beresp.keep = 0s;
}

sub vcl_deliver {
    unset resp.http.xkey;
    unset resp.http.X-Varnish;
    unset resp.http.Via;
}
