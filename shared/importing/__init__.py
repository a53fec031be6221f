"""Importing past answers: files are read line by line, each line is counted once, whatever is repeated, interrupted or sent again.

`reading` makes records of bytes, `columns` and `lines` make answers of records, `counting` stores and counts them, `slices` works a file
off a part at a time. docs/importar.md tells managers how; docs/decisions/0031 why it is so.
"""
