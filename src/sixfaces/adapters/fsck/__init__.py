"""`sixfaces fsck`: looks at an installation's database, store and log from outside.

Nothing here goes through the code that wrote them: SQL is asked of sqlite3 and psycopg, bytes are read as files or by
boto3, hashes and signatures are computed anew from the written formats. A mistake of that code is not repeated here.
"""
