"""Spreadsheets out of the catalogue, and back in as a planned change set.

Out: `columns` says what a sheet can hold, `export` streams it as CSV or XLSX.
In: `reading` turns bytes into cells, `mapping` says what each column is, `staging`
copies the cells, `matching` finds their videos, `judging` tells edits from what
was left as it is, and `imports` runs one sheet and hands the edits to a change set.
"""
