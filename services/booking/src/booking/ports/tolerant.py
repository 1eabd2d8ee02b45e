"""How messages of others are read: what booking needs is loaded, whatever else comes is passed over."""

from marshmallow import EXCLUDE

from chassis.values.requests import RequestSchema


class Tolerant(RequestSchema):
    """A message of somebody else: a field that booking does not need may come, change or go."""

    class Meta:
        """Whatever else comes is none of our business."""

        unknown = EXCLUDE
