"""The Python door: what ``import alamire`` offers, each function the one that its command calls.

A function finds out what its targets name and which archive is meant, and calls the room that does the work.
It prints nothing: what is wrong is in what it returns, or in the error.
"""

#: What published ids begin with where nobody says otherwise.
BASE_URL = "http://localhost:8000"
