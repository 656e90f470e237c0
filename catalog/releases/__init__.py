"""The distributor's release list: load it, match it to videos, fill what is missing.

`columns` says what a list can hold, `uploads` takes one in, `loading` turns its
rows into releases, `words` is the text that is compared, `matching` finds the
videos, `filling` makes a change set of what people accepted, and `runs` is the
worker's part of it.
"""
