"""Documents for people to keep, as PDF: what stands in one, how it is laid out, and the press that makes it.

`document` says what a document may hold; `house.typ` lays it out, in the fonts and with the icons beside it;
`press` has it made by `printer`, a process of its own. Not here: any word of what is printed.
"""
