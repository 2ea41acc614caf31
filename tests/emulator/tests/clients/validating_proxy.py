"""A proxy that holds each request and each response against an OpenAPI file.

It forwards the bytes of head and body as they came. A request that the file has no
operation for is forwarded as well, and counted apart.
"""

import http.client
import http.server
import threading
import warnings
from urllib.parse import urlsplit

from openapi_core import OpenAPI
from openapi_core.datatypes import RequestParameters
from openapi_core.exceptions import OpenAPIError
from openapi_core.templating.paths.exceptions import PathError
from werkzeug.datastructures import Headers

# It can't check tokens of OAuth; the emulator does.
warnings.filterwarnings("ignore", "Unsupported scheme type")


class Request:
    """A request, as openapi-core asks for one."""

    def __init__(self, host_url, method, target, headers, body):
        self.host_url = host_url
        self.path = urlsplit(target).path
        self.method = method.lower()
        self.parameters = RequestParameters(header=Headers(headers))
        self.content_type = self.parameters.header.get("Content-Type", "")
        self.body = body or None


class Response:
    """A response, as openapi-core asks for one."""

    def __init__(self, status, headers, body):
        self.status_code = status
        self.headers = Headers(headers)
        self.content_type = self.headers.get("Content-Type", "")
        self.data = body


class Proxy:
    """Listens on a port of its own, in front of `upstream`; `with` stops it.

    `checked` counts what was held against the file, `unknown` the requests that it has no
    operation for; `violations` says what was wrong.
    """

    def __init__(self, spec, upstream):
        self.api = OpenAPI.from_file_path(spec)
        # Servers are part of the file: to it, each request is one to the first of them.
        server = urlsplit(self.api.spec["servers"][0]["url"])
        self.host_url = f"{server.scheme}://{server.netloc}"
        self.upstream = urlsplit(upstream)
        self.checked = {"requests": 0, "responses": 0}
        self.unknown = 0
        self.violations = []
        proxy = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def handle_one_request(self):
                self.raw_requestline = self.rfile.readline(65537)
                if not self.raw_requestline or not self.parse_request():
                    self.close_connection = True
                    return
                proxy.forward(self)

            def log_message(self, *_):
                pass

        self.listener = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.base_url = f"http://127.0.0.1:{self.listener.server_port}{self.upstream.path}"
        threading.Thread(target=self.listener.serve_forever, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.listener.shutdown()

    def forward(self, client):
        """Answers one request with what `upstream` answers, and checks both."""
        headers = client.headers.items()
        body = client.rfile.read(int(client.headers.get("Content-Length", 0)))
        connection = http.client.HTTPConnection(self.upstream.netloc, timeout=60)
        connection.putrequest(
            client.command, client.path, skip_host=True, skip_accept_encoding=True
        )
        for name, value in headers:
            connection.putheader(name, value)
        connection.endheaders(body)
        answer = connection.getresponse()
        answered = answer.read()
        connection.close()

        self.check(client, headers, body, answer, answered)
        head = [f"HTTP/1.1 {answer.status} {answer.reason}"]
        head += [f"{name}: {value}" for name, value in answer.getheaders()]
        client.wfile.write("\r\n".join(head + ["", ""]).encode("latin-1") + answered)
        client.wfile.flush()

    def check(self, client, headers, body, answer, answered):
        request = Request(self.host_url, client.command, client.path, headers, body)
        response = Response(answer.status, answer.getheaders(), answered)
        line = f"{client.command} {client.path} {answer.status}"
        try:
            self.checked["requests"] += 1
            self.api.validate_request(request)
            self.checked["responses"] += 1
            self.api.validate_response(request, response)
        except PathError:
            self.checked["requests"] -= 1
            self.unknown += 1
        except OpenAPIError as error:
            self.violations.append(f"{line}: {error!r}: {error.__cause__!r}")
