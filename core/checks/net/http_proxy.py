"""Do the nodes send what they ask the registry to a web proxy?

https://learn.microsoft.com/azure/aks/http-proxy
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from core.checks.check import Check
from core.checks.fix_values import cluster_values, registry_values
from core.checks.network.data_endpoint import layer_hosts
from core.checks.network.ways import going, pools, subnets, whole
from core.facts.choice import Choice
from core.facts.cloud import CloudNames
from core.facts.cluster import Cluster, HttpProxy
from core.facts.paths import NodePath, Way
from core.facts.registry import Registry
from core.model import Branch, Certainty, Evidence, FixRef, Status, Verdict
from core.network.allow_list import selects_networks
from core.network.no_proxy import goes_past_proxy

_OTHER_CERTIFICATE = re.compile(r"certificate is (?:not )?valid for|has expired|not yet valid", re.IGNORECASE)
_ISSUER = re.compile(r"candidate authority certificate \\*\"([^\"\\]{1,100})")

SHOWN = 20
"""How many entries of the list of exceptions are shown."""


def evaluate(
    choice: Choice,
    cloud: CloudNames,
    cluster: Cluster,
    registry: Registry,
    node_paths: tuple[NodePath, ...],
) -> Verdict:
    """Look which hosts of the registry go to the proxy, and what that means on the way that the nodes go.

    Go decides by the name alone: a range with the endpoint's address in it exempts nothing.
    """
    proxy = cluster.http_proxy
    address = _address(proxy)
    if proxy is None or address is None:
        return Verdict(Status.NOT_APPLICABLE, "no-proxy")
    hosts = (registry.login_server, *layer_hosts(registry, node_paths, cloud))
    sent = tuple(host for host in hosts if not goes_past_proxy(proxy.no_proxy, _example(host)))
    values = {
        "proxy": address,
        "hosts": ", ".join(sent),
        "login_server": registry.login_server,
        "registry_name": registry.name,
        "pools": pools(node_paths),
    }
    evidence = (
        Evidence("web-proxy", address),
        Evidence("no-proxy", ", ".join(proxy.no_proxy[:SHOWN]) or "-"),
        *(Evidence("sent-to-proxy", host) for host in sent),
        *subnets(node_paths),
    )
    if not sent:
        return Verdict(Status.PASS, "exempted", values=values, evidence=evidence)
    private = going(node_paths, Way.PRIVATE, Way.UNINTENDED)
    if private:
        names = {**cluster_values(cluster), **registry_values(registry), **_to_exempt(hosts)}
        return Verdict(
            Status.FAIL,
            "private-hosts-sent",
            certainty=Certainty.LIKELY,
            values={**values, "pools": pools(private)},
            evidence=evidence,
            fixes=(FixRef("exempt-from-proxy", names),),
        )
    if _not_trusted(choice) and not proxy.trusted_ca:
        issuer = _ISSUER.search(choice.symptom.excerpt) if choice.symptom is not None else None
        return Verdict(
            Status.FAIL,
            "not-trusted",
            certainty=Certainty.LIKELY,
            values=values,
            evidence=(*((Evidence("certificate-issuer", issuer[1]),) if issuer else ()), *evidence),
            fixes=(FixRef("trust-proxy", {**cluster_values(cluster), **registry_values(registry)}),),
        )
    if going(node_paths, Way.PUBLIC) and selects_networks(registry):
        return Verdict(Status.WARNING, "seen-as-proxy", values=values, evidence=evidence)
    return whole(Verdict(Status.PASS, "through-proxy", values=values, evidence=evidence), node_paths)


def _address(proxy: HttpProxy | None) -> str | None:
    """Give host and port of the proxy; the URL may hold a password, which stays where it is."""
    url = (proxy.https_proxy or proxy.http_proxy) if proxy is not None else None
    if not url:
        return None
    try:
        parts = urlsplit(url if "//" in url else f"//{url}")
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        return "?"
    return f"{parts.hostname or '?'}{port}"


def _example(host: str) -> str:
    """Give a name that a wildcard stands for."""
    return f"x{host.removeprefix('*')}" if host.startswith("*") else host


def _to_exempt(hosts: tuple[str, ...]) -> dict[str, str]:
    """The login server's host for the layers: the only one, or what all of them end in."""
    layers = hosts[1:]
    if len(layers) == 1:
        return {"layer_host": layers[0].removeprefix("*")}
    return {"layer_host": ".".join(("", *layers[0].split(".")[2:]))}


def _not_trusted(choice: Choice) -> bool:
    """Say whether the text speaks of a certificate whose issuer nodes do not trust, rather than of a wrong name."""
    symptom = choice.symptom
    return symptom is not None and symptom.kind == "X509" and not _OTHER_CERTIFICATE.search(symptom.excerpt)


CHECK = Check("net.http-proxy", Branch.NETWORK, evaluate)
