"""The REST API of a Chandelier bot: routes, OpenAPI and problems for the plugins that are loaded."""

from chandelier_api.app import create_app
from chandelier_api.serve import Listening, service

__all__ = ["Listening", "create_app", "service"]
