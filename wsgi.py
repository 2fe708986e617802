"""The application object for servers and the flask command."""

import gc

gc.disable()  # what is imported stays: looking for rubbish among it took a tenth of the start

from blog import create_app  # noqa: E402

app = create_app()
gc.freeze()  # nor is it looked through from now on: that took another sixth
gc.enable()
