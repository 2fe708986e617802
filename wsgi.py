"""The application object for servers and the flask command."""

from blog import create_app

app = create_app()
