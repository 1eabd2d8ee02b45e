"""The rules of payment attempts.

`life` is how one begins and ends, `booking` where its money goes, `quarantine` what was not asked for so.
"""
