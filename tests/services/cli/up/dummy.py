"""A small program for the supervisor to run: answers /readyz on the port given, or dies at once.

python dummy.py PORT [--die] [--deaf]
"""

import signal
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer


class Ready(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        pass


if "--die" in sys.argv:
    sys.exit("cannot find my shoes")
if "--deaf" in sys.argv:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
else:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(sys.stdout.write("finished\n") and 0))
HTTPServer(("127.0.0.1", int(sys.argv[1])), Ready).serve_forever()
