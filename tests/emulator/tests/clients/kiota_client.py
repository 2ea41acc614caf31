"""Replaces and reads a photo by the request layer of Microsoft's Python SDK: msgraph-core
over kiota.

    python kiota_client.py BASE_URL FIRST.jpg SECOND.jpg

GRAPH_ACCESS_TOKEN is the token. The exit code is 0 if each photo comes back byte for byte.
"""

import asyncio
import os
import sys
from pathlib import Path

from kiota_abstractions.authentication import (
    AccessTokenProvider,
    AllowedHostsValidator,
    BaseBearerTokenAuthenticationProvider,
)
from kiota_abstractions.method import Method
from kiota_abstractions.request_information import RequestInformation
from kiota_serialization_json.json_parse_node_factory import JsonParseNodeFactory
from msgraph_core import BaseGraphRequestAdapter


class Token(AccessTokenProvider):
    """The token from the environment, for any host."""

    async def get_authorization_token(self, uri, additional_authentication_context={}):
        return os.environ["GRAPH_ACCESS_TOKEN"]

    def get_allowed_hosts_validator(self):
        return AllowedHostsValidator([])


def photo(base_url, method):
    """A request for the photo of the signed-in user."""
    request = RequestInformation(method, "{+baseurl}/me/photo/$value", {"baseurl": base_url})
    request.headers.add("Accept", "image/jpeg, application/json")
    return request


async def run(base_url, files):
    adapter = BaseGraphRequestAdapter(
        BaseBearerTokenAuthenticationProvider(Token()), parse_node_factory=JsonParseNodeFactory()
    )
    adapter.base_url = base_url
    for file in files:
        sent = Path(file).read_bytes()
        upload = photo(base_url, Method.PUT)
        # The SDK's own method for photos says application/octet-stream, which Graph refuses.
        upload.set_stream_content(sent, "image/jpeg")
        await adapter.send_no_response_content_async(upload, {})
        read = await adapter.send_primitive_async(photo(base_url, Method.GET), "bytes", {})
        if read != sent:
            sys.exit(f"error: {file} came back as {len(read or b'')} other bytes")


asyncio.run(run(sys.argv[1], sys.argv[2:]))
