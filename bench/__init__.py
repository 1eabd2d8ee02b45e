"""`make bench`: what a request costs on the real stack, and what it would cost without a bus.

`scenarios` says what is measured, `grounds` where, `load` makes the requests, `meter` counts, `report`
prints. README.md beside this file tells how to read the numbers. The suite itself imports nothing of this.
"""
