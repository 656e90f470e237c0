"""The ASGI application: HTTP through Django, WebSockets through Channels."""

import os

from channels.auth import AuthMiddlewareStack
from channels.routing import ProtocolTypeRouter, URLRouter
from channels.security.websocket import AllowedHostsOriginValidator
from django.core.asgi import get_asgi_application

from ytmanager.program_names import WEB, name_program

name_program(WEB)
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ytmanager.settings")
django_application = get_asgi_application()

from ytmanager.maintenance import close_sockets  # noqa: E402 - needs the apps
from ytmanager.metrics import count_sockets  # noqa: E402 - needs the apps
from ytmanager.routing import websocket_urlpatterns  # noqa: E402 - needs the apps

application = ProtocolTypeRouter(
    {
        "http": django_application,
        "websocket": close_sockets(
            count_sockets(
                AllowedHostsOriginValidator(
                    AuthMiddlewareStack(URLRouter(websocket_urlpatterns))
                )
            )
        ),
    }
)
