"""Links that lead to the same place from anywhere: for HTML that is read outside the page it was written for."""

from __future__ import annotations

import re
from urllib.parse import urljoin

_TAG = re.compile(r"""<[a-z][^<>"]*(?:"[^"]*"[^<>"]*)*>""", re.IGNORECASE)
_ADDRESS = re.compile(r"""(\s(?:href|src|poster)=")([^"]*)""", re.IGNORECASE)


def absolute_links(html: str, page: str) -> str:
    """Our own HTML with every link and picture named in full, as seen from the address `page`.

    "#note-1" leads into the page, "/about" to its site. Our HTML quotes every value with ", within which it writes
    &quot;, so that neither a text nor another value is taken for an address.
    """
    return _TAG.sub(lambda tag: _ADDRESS.sub(lambda match: match[1] + urljoin(page, match[2]), tag[0]), html)
