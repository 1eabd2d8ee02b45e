"""Reading a CSV file that people made: every line is judged alone, and a bad one says where and why.

`lines` finds the rows in the text and knows quotes, `reading` holds them against the columns of a schema,
`cells` are the kinds of value that a column may have, `mending` writes the bad lines out to be put right.
What a row means is the business of the service that imports it. Rules: docs/rules/imports.md.
"""

from chassis.values.tables.batches import in_batches
from chassis.values.tables.mending import write_faulty_lines
from chassis.values.tables.reading import Fault, Row, first_of_each, read_table

__all__ = ["Fault", "Row", "first_of_each", "in_batches", "read_table", "write_faulty_lines"]
