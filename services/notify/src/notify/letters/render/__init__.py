"""From a letter to a mail's subject, plain text and HTML, in the language of whom it is written to."""

from notify.letters.render.mail import message_of, render
from notify.letters.render.words import LANGUAGES, TEMPLATES

__all__ = ["LANGUAGES", "TEMPLATES", "message_of", "render"]
