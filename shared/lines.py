"""One line of text as people type it: any script, any marks of direction, but no control characters.

The rule is a pattern, so that the published API says it too.
"""

from typing import Annotated

from pydantic import StringConstraints

LINE = r"^[^\x00-\x1f\x7f]*$"
FILLED = r"^[^\x00-\x1f\x7f]*[^\s\x00-\x1f\x7f][^\x00-\x1f\x7f]*$"

Line = Annotated[str, StringConstraints(pattern=LINE)]
FilledLine = Annotated[str, StringConstraints(pattern=FILLED)]
"""A line with something in it besides spaces."""
