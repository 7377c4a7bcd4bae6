"""The decision tree as data: lanes and nodes to draw, edges to follow, and what makes what pointless.

The chart draws it before anything has run, the engine walks it, and tests prove that every node can be reached.
The order of the lanes and of the nodes in them is the order of a pull, and of the report.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from core.model import Status
from core.tree_shape import ALWAYS, FAILED, GOES_ON, SKIPPED, Edge, Lane, Moot, Tree, Way


def _chain(*checks: str) -> Iterator[Edge]:
    """Give the edges from each of these checks to the next, whatever it finds."""
    return (Edge(source, target, on=ALWAYS) for source, target in pairwise(checks))


ROLE_CHAIN = ("identity.acrpull-role", "identity.sp-role")
REGISTRY = (
    "registry.sku-limits",
    "registry.cmk",
    "registry.geo-replicas",
    "registry.throttling",
    "registry.anonymous-pull",
    "registry.artifact-cache",
)
WAY_IN = ("network.path", "network.pe-exists", "network.pe-connection")
"""Which way nodes take, and the private endpoint that they are meant to use."""
DNS = (
    "dns.custom-servers",
    "dns.zone-exists",
    "dns.vnet-link",
    "dns.duplicate-zones",
    "dns.shadow-zones",
    "dns.zone-group",
    "dns.expected-records",
    "dns.records",
)
"""From the server that nodes ask to the record that it answers with."""
PUBLIC_PATH = (
    "net.outbound-type",
    "network.public-access",
    "network.egress-ips",
    "network.ip-rules",
    "network.service-endpoint",
    "network.data-endpoint",
    "net.isolated-bootstrap",
)
"""Everything from the way out of the nodes to the registry's own firewall, in the order of a packet."""
REGISTRYS_FIREWALL = ("network.public-access", "network.egress-ips", "network.ip-rules", "network.service-endpoint")
"""What the registry itself lets in; a packet that never gets there is not refused there."""
NODE = ("node.pull-qps", "node.disk-space")
SECRET = (
    "secret.in-use",
    "secret.exists",
    "secret.format",
    "secret.server-match",
    "secret.account-kind",
    "secret.sp-credential",
    "secret.admin-account",
    "secret.acr-token",
    "secret.scope-map",
)
TRAFFIC = (
    "net.peering",
    "net.peering-transit",
    "net.avnm",
    "net.nsg-aks",
    "net.nsg-pe",
    "net.route-table",
    "net.firewall-rules",
    "net.http-proxy",
)
LOOKED_INTO = ("image.locked", "image.kind", "image.platform", "image.windows-version")
"""What is asked of an image that is there; one that a cache rule is still to fetch is not."""
ARTIFACT = ("image.repository", "image.tag", *LOOKED_INTO, "image.quarantine", "image.soft-deleted")
NEEDS_BOTH = (
    "context.caller-permissions",
    "cluster.provisioning-state",
    "cluster.node-resource-group",
    "cluster.nodes-ready",
    "image.pull-policy",
    *WAY_IN,
    *PUBLIC_PATH,
    *DNS,
    *NODE,
    "identity.kind",
    "identity.kubelet-present",
    "identity.kubelet-exists",
    "identity.node-assignment",
    "identity.node-image-current",
    "identity.sp-exists",
    "identity.sp-credential",
    *TRAFFIC,
    *SECRET,
    *ARTIFACT,
    *REGISTRY,
    "identity.cross-tenant",
    "identity.role-mode",
    *ROLE_CHAIN,
    "identity.wrong-principal",
    "identity.role-conditions",
    "identity.deny-assignments",
    "identity.role-propagation",
    "identity.arm-audience",
)
"""What is pointless unless both picked resources exist: all but the image name and the state of the other one."""
GOES_WITH_THE_MACHINES = ("identity.kubelet-exists", "identity.node-assignment", "net.nsg-aks")
"""What AKS keeps in the node resource group, beside the machines."""
SIGNS_IN_AS_NODE = (
    "identity.cross-tenant",
    "identity.kubelet-present",
    "identity.kubelet-exists",
    "identity.node-assignment",
    "identity.node-image-current",
    "identity.arm-audience",
    "identity.sp-exists",
    "identity.sp-credential",
    "identity.role-mode",
    *ROLE_CHAIN,
    "identity.wrong-principal",
    "identity.role-conditions",
    "identity.deny-assignments",
    "identity.role-propagation",
)
"""What a pull by the cluster's own identity depends on; one by a pull secret depends on none of it."""
ANONYMOUS = ("registry.anonymous-pull", "image.repository")
"""What makes credentials needless: a registry that anybody may pull from, and a repository that is there."""
WAYS = (
    Way(
        SIGNS_IN_AS_NODE,
        proofs=tuple((role,) for role in ROLE_CHAIN),
        harmless={
            "identity.sp-credential": ("expires-soon",),
            "identity.node-image-current": ("old-credentials-possible",),
            "identity.role-propagation": ("new", "new-through-group", "new-at-management-group"),
        },
    ),
    Way(
        SECRET,
        proofs=(
            ("secret.sp-credential",),
            ("secret.admin-account",),
            ("secret.acr-token", "secret.scope-map"),
            ("secret.account-kind",),
        ),
        saying={"secret.account-kind": "another-login"},
    ),
    Way((), proofs=(ANONYMOUS,), saying={"registry.anonymous-pull": "on"}),
)
"""The nodes try their own identity, every pull secret of the pod, and none at all; one that is let in is enough.

https://kubernetes.io/docs/concepts/containers/images/#using-a-private-registry
"""
WAITS_FOR_APPROVAL = (
    "network.public-access",
    "network.service-endpoint",
    "dns.duplicate-zones",
    "dns.zone-group",
    "dns.expected-records",
    "dns.records",
)
"""What is as it should be, or comes by itself, once the private endpoint is approved."""
PERMISSIONS = (*ROLE_CHAIN, "identity.role-mode", "identity.wrong-principal", "identity.role-conditions")

TREE = Tree(
    entry="context.tenant-and-cloud",
    lanes=(
        Lane(
            "cluster",
            (
                "context.tenant-and-cloud",
                "context.caller-permissions",
                "cluster.power-state",
                "cluster.provisioning-state",
                "cluster.node-resource-group",
                "cluster.nodes-ready",
            ),
        ),
        Lane("image", ("image.reference", "image.login-server", "image.pull-policy")),
        Lane("registry", ("registry.health", *REGISTRY)),
        Lane("network", (*WAY_IN, *PUBLIC_PATH)),
        Lane("dns", DNS),
        Lane("traffic", TRAFFIC),
        Lane(
            "identity",
            (
                "identity.kind",
                "identity.cross-tenant",
                "identity.kubelet-present",
                "identity.kubelet-exists",
                "identity.node-assignment",
                "identity.node-image-current",
                "identity.arm-audience",
            ),
        ),
        Lane("service-principal", ("identity.sp-exists", "identity.sp-credential", "identity.sp-role")),
        Lane("secret", SECRET),
        Lane(
            "permission",
            (
                "identity.role-mode",
                "identity.acrpull-role",
                "identity.wrong-principal",
                "identity.role-conditions",
                "identity.deny-assignments",
                "identity.role-propagation",
            ),
        ),
        Lane("artifact", ARTIFACT),
        Lane("node", NODE),
    ),
    edges=(
        Edge("context.tenant-and-cloud", "context.caller-permissions"),
        Edge("context.tenant-and-cloud", "cluster.power-state"),
        Edge("context.tenant-and-cloud", "image.reference"),
        Edge("context.tenant-and-cloud", "registry.health"),
        *_chain("registry.health", *REGISTRY),
        Edge("context.tenant-and-cloud", WAY_IN[0]),
        Edge("network.path", "network.pe-exists"),
        Edge("network.pe-exists", "network.pe-connection", on=ALWAYS),
        Edge("network.path", PUBLIC_PATH[0]),
        *_chain(*PUBLIC_PATH),
        Edge("network.path", DNS[0]),
        *_chain(*DNS),
        Edge("network.path", TRAFFIC[0]),
        *_chain(*TRAFFIC),
        Edge("context.tenant-and-cloud", "image.pull-policy"),
        Edge("context.tenant-and-cloud", NODE[0]),
        *_chain(*NODE),
        Edge("context.tenant-and-cloud", "identity.kind"),
        Edge("context.tenant-and-cloud", "secret.in-use"),
        Edge("cluster.power-state", "cluster.provisioning-state", on=ALWAYS),
        *_chain("cluster.provisioning-state", "cluster.node-resource-group", "cluster.nodes-ready"),
        Edge("image.reference", "image.login-server"),
        Edge("image.login-server", "image.repository"),
        Edge("image.repository", "image.tag", on=GOES_ON - {Status.WARNING}),
        *(Edge("image.tag", check, on=GOES_ON - {Status.WARNING}) for check in LOOKED_INTO),
        Edge("image.repository", "image.quarantine", on=ALWAYS),
        Edge("image.repository", "image.soft-deleted", on=FAILED),
        Edge("image.tag", "image.soft-deleted", on=FAILED),
        Edge("registry.health", "identity.cross-tenant", on=ALWAYS),
        Edge("identity.kind", "identity.kubelet-present", reasons=frozenset({"managed-identity"})),
        Edge("identity.kind", "identity.sp-exists", reasons=frozenset({"service-principal"})),
        Edge("identity.kubelet-present", "identity.kubelet-exists"),
        Edge("identity.kubelet-present", "identity.node-assignment"),
        Edge("identity.kubelet-present", "identity.role-mode"),
        Edge("identity.node-assignment", "identity.node-image-current", on=ALWAYS),
        Edge("identity.sp-exists", "identity.sp-credential"),
        Edge("identity.sp-exists", "identity.role-mode"),
        Edge("identity.role-mode", "identity.acrpull-role", on=ALWAYS),
        Edge("identity.role-mode", "identity.arm-audience", on=ALWAYS),
        Edge("identity.acrpull-role", "identity.sp-role", on=SKIPPED),
        Edge("secret.in-use", "secret.exists", on=frozenset({Status.PASS})),
        Edge("secret.exists", "secret.format", on=ALWAYS),
        Edge("secret.format", "secret.server-match", on=ALWAYS),
        Edge("secret.server-match", "secret.account-kind", on=ALWAYS),
        Edge("secret.account-kind", "secret.sp-credential", on=ALWAYS, reasons=frozenset({"service-principal"})),
        Edge("secret.account-kind", "secret.admin-account", on=ALWAYS, reasons=frozenset({"admin-account"})),
        Edge("secret.account-kind", "secret.acr-token", on=ALWAYS, reasons=frozenset({"token"})),
        Edge("secret.acr-token", "secret.scope-map", on=ALWAYS),
        *(
            edge
            for role in ROLE_CHAIN
            for edge in (
                Edge(role, "identity.wrong-principal", on=FAILED),
                Edge(role, "identity.role-conditions", on=GOES_ON - SKIPPED),
                Edge(role, "identity.deny-assignments", on=ALWAYS - SKIPPED),
                Edge(role, "identity.role-propagation", on=GOES_ON - SKIPPED),
            )
        ),
    ),
    moots=(
        Moot("cluster.power-state", NEEDS_BOTH, reasons=frozenset({"missing"}), run=False),
        Moot("registry.health", NEEDS_BOTH, reasons=frozenset({"missing", "deleting"}), run=False),
        Moot("cluster.node-resource-group", GOES_WITH_THE_MACHINES, reasons=frozenset({"gone"})),
        Moot("identity.cross-tenant", PERMISSIONS),
        Moot("identity.kubelet-exists", PERMISSIONS),
        Moot("identity.role-mode", ROLE_CHAIN),
        Moot("network.pe-connection", WAITS_FOR_APPROVAL),
        Moot("dns.zone-group", ("dns.records",)),
        *(Moot(check, ("network.data-endpoint",)) for check in DNS),
        Moot("image.soft-deleted", ("image.repository", "image.tag")),
        Moot("image.platform", ("image.windows-version",), reasons=frozenset({"no-pool"})),
    ),
    late=frozenset({"identity.wrong-principal"}),
    ways=WAYS,
    explains={"identity.wrong-principal": ROLE_CHAIN},
    undecided={
        "identity.role-conditions": ("repository-not-known", "not-understood"),
        "net.isolated-bootstrap": ("rules-unread",),
    },
    optional=frozenset(
        {
            *SECRET,
            *ARTIFACT,
            "context.caller-permissions",
            "cluster.nodes-ready",
            "registry.sku-limits",
            "registry.cmk",
            "registry.geo-replicas",
            "registry.anonymous-pull",
            "registry.artifact-cache",
            "network.egress-ips",
            "network.data-endpoint",
            "net.isolated-bootstrap",
            "dns.zone-group",
            "net.avnm",
            "identity.role-propagation",
            "identity.node-image-current",
        }
    ),
    met_after={TRAFFIC[-1]: REGISTRYS_FIREWALL},
)
