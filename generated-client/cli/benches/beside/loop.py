"""Replaces the photo of many users by the request layer of Microsoft's Python SDK, one after
the other.

    python loop.py BASE_URL COUNT PHOTO.jpg

GRAPH_ACCESS_TOKEN is the token.
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


async def run(base_url, count, file):
    adapter = BaseGraphRequestAdapter(
        BaseBearerTokenAuthenticationProvider(Token()), parse_node_factory=JsonParseNodeFactory()
    )
    adapter.base_url = base_url
    template = "{+baseurl}/users/{user}/photo/$value"
    for number in range(count):
        user = f"user{number}@contoso.com"
        upload = RequestInformation(Method.PUT, template, {"baseurl": base_url, "user": user})
        # The SDK's own method for photos says application/octet-stream, which Graph refuses.
        upload.set_stream_content(Path(file).read_bytes(), "image/jpeg")
        await adapter.send_no_response_content_async(upload, {})


asyncio.run(run(sys.argv[1], int(sys.argv[2]), sys.argv[3]))
