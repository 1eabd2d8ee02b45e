"""What a message looks like in the database, and how long a postman has one."""

from chassis.storage.documents import KEY, Form, Mapper
from notify.outgoing.model import Message
from notify.vocabulary import Contact

LEASE_S = 20
"""A postman that dies leaves its message to the next one after so long."""

MAPPER = Mapper(Form(Message, names=KEY, sparse={"read_by"}), Form(Contact, sparse={"guardian_id"}))
