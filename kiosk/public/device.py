"""Which of the office's kiosks a browser is: the cookie that its start address has given it.

It names a machine and no person, so it stays when a visit ends. A browser without it is a kiosk all the same.
"""

from starlette.requests import Request

from bot.bootstrap import Service
from bot.storage.kiosks import find_kiosk
from kiosk.web.cookies import SessionCookie


class Devices:
    """Recognises the office's own kiosks among all browsers."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self.cookie = SessionCookie("rehber_kiosk", service.settings.https)

    async def name(self, request: Request) -> str:
        """What tells one kiosk from another: the machine that the cookie names, else the address in the network."""
        secret = self.cookie.read(request)
        if secret is not None:
            async with self._service.engine.connect() as db:
                kiosk_id = await find_kiosk(db, secret)
            if kiosk_id is not None:
                return f"device:{kiosk_id}"
        return request.client.host if request.client else ""
