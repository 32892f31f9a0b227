"""What runs keep of the activity they have read, so that the next one reads only what is new.

A folder with one database: the typed rows of every file, those that were set aside, and by what a
file is known again. It is worth nothing by itself: thrown away, it is made again from the files,
and what a run comes to is the same to the byte with it and without it.
"""
