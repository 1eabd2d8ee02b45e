"""Reading pages as a browser does, and sending their forms with the token that they hold."""

from bs4 import BeautifulSoup


def read(response):
    return BeautifulSoup(response.text, "html.parser")


def token(client, path="/home"):
    """Return the token of a form on a page; the client's cookie belongs to it."""
    return read(client.get(path)).select_one("[name=csrf_token]")["value"]


def send(client, path, data, at="/home", **options):
    """Send a form with the token of the page `at`."""
    return client.post(path, data={"csrf_token": token(client, at), **data}, **options)
