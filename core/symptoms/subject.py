"""What a record is about: a pull, a registry, a back-off, another matter of the cluster, or just prose.

Look-alikes share their wording with failed pulls: probes print `connection refused`, volumes `context deadline
exceeded`, kubectl `no such host`. They are told apart by what they speak of, not by what they say.
"""

from __future__ import annotations

import re
from enum import IntEnum


class Subject(IntEnum):
    """What a record is about; a higher one has more to say about the cause of a failed pull."""

    BENIGN = 0
    OTHER_MATTER = 1
    BACK_OFF = 2
    STEP = 3
    PROSE = 4
    REGISTRY = 5
    PULL = 6


_PULL = re.compile(
    r"failed to pull|rpc error|error response from daemon|failed to (?:resolve|authorize|do request|"
    r"copy|fetch|register layer|"
    r"extract layer|solve|apply default image|get sandbox image)|unexpected status|httpreadseeker|dockerapiexception|"
    r"returned stderr|pulling image: |pulling image configuration|pullimage|rejected token exchange|"
    r"token exchange endpoint|oauth2/exchange|did not issue a valid aad challenge|"
    r"couldn.t parse image|invalidimagename|pull qps exceeded|errimageneverpull|pull policy of never|"
    r"no match for platform|exec format error|operating system does not match|"
    r"no matching manifest|can.t pull|failedtoretrieveimagepullsecret|"
    r"unable to retrieve some image pull|credential provider|"
    r"error pulling|while pulling|error (?:building|creating) image|initializing source|"
    r"(?:get|head|post) \"?https?://\S{0,300}(?:/v[12]/|/oauth2/)|image \S{1,400} error|aadsts\d|"
    r"managedidentitycredential|"
    r"not allowed access|no basic auth|toomanyrequests|connectivity_\w{3,30}_error"
)
_REGISTRY = re.compile(
    r"azurecr\.|registry|\bmcr\.microsoft|docker|/v2/|manifest|\bpull|errimage|imagepull|containerd|"
    r"\bacr\b|\bblob|\blayer\b|"
    r"\bimage|crictl|podman|skopeo|\bdial tcp\b|buildkit|kaniko|\boci:"
)
_BACK_OFF = re.compile(
    r"back-?off pulling image|imagepullbackoff|errimagepull\b|trying and failing to pull image|imagepullfailure"
)
_BENIGN = re.compile(
    r"successfully pulled image|already present on machine|normal +(?:pulling|scheduled|created|started|pulled)\b|"
    r"successfully assigned|did not issue a challenge|\): succeeded|kubelet +pulling image|: pulling: pulling image"
)
_PULLED = re.compile(r"successfully pulled image|already present on machine")
_OTHER_MATTER = re.compile(
    r"unable to connect to the server|the connection to the server .{0,200} was refused|current server api group|"
    r"you must be logged in to the server|attachvolume|mountvolume|failedmount|failedattachvolume|"
    r"unable to (?:attach or )?mount|"
    r"volumebinding|persistentvolume|volume \"|failedscheduling|nodes are available|liveness probe|"
    r"readiness probe|startup probe|"
    r"\bprobe failed|unhealthy|crashloopbackoff|back-off restarting|createcontainerconfigerror|createcontainererror|"
    r"runcontainererror|oomkilled|load ?balancer|management\.azure\.com|\.azmk8s\.io|couldn.t find key|"
    r"configmap \"|error dialing backend|provisioningfailed|failed to provision volume|:10250|:6443|/api/v1/|/apis/|"
    r"cni |networkplugin|failedpreemption|nottriggerscaleup|failedkillpod|failedpoststarthook|serviceaccount \"|"
    r"failed to start container|oci runtime create|exceeded quota|vault\.azure\.net|certificate-authority|"
    r"context \"[^\"]{0,200}\" does not exist|metrics-server|horizontalpodautoscaler|failedgetresourcemetric"
)
_PULL_ALL_THE_SAME = re.compile(
    r"failed to pull|errimagepull: |pulling image|/v2/|azurecr\.|unpack image|invalidimagename|"
    r"imagepullsecret|exec format error|operating system does not match"
)


def subject_of(record: str) -> Subject:
    """The subject of one record (a single line)."""
    lowered = record.lower()
    if _OTHER_MATTER.search(lowered) and not _PULL_ALL_THE_SAME.search(lowered):
        return Subject.OTHER_MATTER
    if _BENIGN.search(lowered) and "fail" not in lowered:
        return Subject.BENIGN
    if _PULL.search(lowered):
        return Subject.PULL
    if _BACK_OFF.search(lowered):
        return Subject.BACK_OFF
    return Subject.REGISTRY if _REGISTRY.search(lowered) else Subject.PROSE


def is_pulled(record: str) -> bool:
    """Whether a record only says that an image is there: its names are not those of a failure."""
    return _PULLED.search(record.lower()) is not None
