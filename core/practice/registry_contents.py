"""What a simulated registry holds: repositories, tags, manifests, blobs, and what was deleted of them."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import datetime

from core.practice.http import Json


@dataclass(slots=True)
class Attributes:
    """What may be done with a repository, a tag or a manifest; switching one off is called a lock."""

    delete: bool = True
    write: bool = True
    read: bool = True
    list: bool = True

    def body(self) -> Json:
        """The attributes as the registry answers them."""
        return {
            "deleteEnabled": self.delete,
            "writeEnabled": self.write,
            "readEnabled": self.read,
            "listEnabled": self.list,
        }

    def change(self, given: Json) -> None:
        """Take what a PATCH says; other keys are left as they are."""
        for name in ("delete", "write", "read", "list"):
            value = given.get(f"{name}Enabled")
            if isinstance(value, bool):
                setattr(self, name, value)


@dataclass(slots=True)
class Manifest:
    """One manifest. `os` and `architecture` are empty for an index, whose `references` name those of its images.

    `quarantine` is "Passed" or "Quarantined", empty where the registry keeps no state for it.
    """

    media_type: str
    content: bytes
    pushed: datetime
    config_type: str = ""
    os: str = ""
    architecture: str = ""
    references: tuple[Json, ...] = ()
    quarantine: str = ""
    attributes: Attributes = field(default_factory=Attributes)

    @property
    def digest(self) -> str:
        """What the manifest is called: the hash of its content."""
        return digest_of(self.content)


@dataclass(slots=True)
class Tag:
    """A name for a manifest, which may be gone."""

    digest: str
    pushed: datetime
    attributes: Attributes = field(default_factory=Attributes)


@dataclass(slots=True)
class Repository:
    """A repository. `deleted_tags` are (tag, digest, when), oldest first."""

    made: datetime
    attributes: Attributes = field(default_factory=Attributes)
    manifests: dict[str, Manifest] = field(default_factory=dict)
    tags: dict[str, Tag] = field(default_factory=dict)
    deleted: dict[str, tuple[Manifest, datetime]] = field(default_factory=dict)
    deleted_tags: list[tuple[str, str, datetime]] = field(default_factory=list)

    @property
    def exists(self) -> bool:
        """Whether the repository is there; one that holds nothing but deleted things is not."""
        return bool(self.manifests or self.tags)


@dataclass(slots=True)
class Contents:
    """What one registry holds. Blobs are by digest."""

    repositories: dict[str, Repository] = field(default_factory=dict)
    blobs: dict[str, bytes] = field(default_factory=dict)

    def repository(self, name: str) -> Repository | None:
        """A repository that is there, or None."""
        found = self.repositories.get(name)
        return found if found is not None and found.exists else None

    def push(self, name: str, tag: str, manifests: list[Manifest], blobs: dict[str, bytes], when: datetime) -> None:
        """Put manifests in a repository; the tag stands for the last of them."""
        repository = self.repositories.setdefault(name, Repository(when))
        repository.manifests.update({manifest.digest: manifest for manifest in manifests})
        repository.tags[tag] = Tag(manifests[-1].digest, when)
        self.blobs.update(blobs)

    def delete_manifest(self, name: str, digest: str, when: datetime, *, keep: bool) -> None:
        """Delete a manifest and the tags that stand for it; `keep` lets it be restored."""
        repository = self.repositories[name]
        manifest = repository.manifests.pop(digest)
        for tag in [tag for tag, stored in repository.tags.items() if stored.digest == digest]:
            del repository.tags[tag]
            if keep:
                repository.deleted_tags.append((tag, digest, when))
        if keep:
            repository.deleted[digest] = (manifest, when)

    def restore(self, name: str, digest: str, tag: str, when: datetime) -> bool:
        """Bring a deleted manifest back under a tag; says whether there was one."""
        repository = self.repositories.get(name)
        if repository is None or digest not in repository.deleted:
            return False
        repository.manifests[digest], _ = repository.deleted.pop(digest)
        repository.deleted_tags = [entry for entry in repository.deleted_tags if entry[1] != digest]
        if tag:
            repository.tags[tag] = Tag(digest, when)
        return True


def digest_of(content: bytes) -> str:
    """The digest of a blob or manifest."""
    return f"sha256:{hashlib.sha256(content).hexdigest()}"
