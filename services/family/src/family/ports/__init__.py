"""What the family service needs of others: nothing so far."""

from chassis.doors.call import Call as AnyCall

Call = AnyCall[None]
