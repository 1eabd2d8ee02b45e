"""What booking needs of the others, in its own words: one module per service.

Every reader is tolerant: a field that booking does not need may come, change or go.
"""

from marshmallow import EXCLUDE, Schema


class Tolerant(Schema):
    """A message of somebody else, of which we read what we need."""

    class Meta:
        """Whatever else comes is none of our business."""

        unknown = EXCLUDE
