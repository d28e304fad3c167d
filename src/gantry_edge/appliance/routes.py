"""HTTP of the appliance: the switch to the local network, and how a device comes to trust it."""

from typing import Annotated

from litestar import Response, get, post
from litestar.di import NamedDependency as Given
from litestar.params import JSONBody, QueryParameter

from gantry_edge.accounts.guards import Access, acting, confirm_password
from gantry_edge.appliance.lan import Lan
from gantry_edge.appliance.schema import Checked, Network, SetNetwork, Switch, Trust
from gantry_edge.parameters import Asking
from gantry_edge.problems import responses

FORMS = {
    "crt": "application/x-x509-ca-cert",
    "pem": "application/x-pem-file",
    "mobileconfig": "application/x-apple-aspen-config",
}
FRESH = {"Cache-Control": "no-store"}
Url = Annotated[str, QueryParameter(max_length=300)]


@get("/api/network", access=Access.ADMIN, responses=responses(401, 403))
async def get_network(local_network: Given[Lan]) -> Network:
    """The switch to the local network, and the addresses that are served."""
    return local_network.describe()


@post("/api/network", access=Access.OWNER, status_code=200, responses=responses(400, 401, 403, 429))
async def set_network(request: Asking, local_network: Given[Lan], data: JSONBody[SetNetwork]) -> Network:
    """Serve the local network, or this machine alone. Takes the owner's password."""
    await confirm_password(request, data.password)
    return await local_network.switch(Switch(data.lan, data.https), acting(request))


@post("/api/network/check", access=Access.OWNER, status_code=200, responses=responses(401, 403))
async def check_network(request: Asking, local_network: Given[Lan]) -> Checked:
    """Ask each address of this machine, and its name, for an answer."""
    return Checked(await local_network.check(acting(request)))


@get(
    "/api/network/qr",
    access=Access.ADMIN,
    media_type="image/svg+xml",
    responses=responses(400, 401, 403, 404),
)
async def get_qr(local_network: Given[Lan], url: Url) -> Response[bytes]:
    """One of the addresses as a QR code."""
    return Response(local_network.draw(url), media_type="image/svg+xml", headers=FRESH)


@get("/api/trust", access=Access.PUBLIC)
async def get_trust(local_network: Given[Lan]) -> Trust:
    """Whether https is served, and by whose certificate."""
    return local_network.trust()


@get(
    [f"/api/trust/ca.{form}" for form in FORMS],
    access=Access.PUBLIC,
    media_type="application/x-x509-ca-cert",
    responses=responses(404),
)
async def get_ca(request: Asking, local_network: Given[Lan]) -> Response[bytes]:
    """The certificate authority of this machine, for a device to trust."""
    form = request.url.path.rpartition(".")[2]
    return Response(local_network.ca_file(form), media_type=FORMS[form], headers=FRESH)


routes = [get_network, set_network, check_network, get_qr, get_trust, get_ca]
