"""The family portal: pages for people, rendered here, each page a module of its own.

No rule of the domain and no address of a service lives here: pages ask the clients and show what they answer.
"""

from flask import Blueprint

blueprint = Blueprint("portal", __name__, template_folder="templates")
