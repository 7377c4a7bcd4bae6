from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from core.checks.image.parse import Mistake, correct, find_mistake, image_reference, is_masked
from core.facts.image_name import split
from core.model import ImageReference

DIGEST = "sha256:" + "0123456789abcdef" * 4

label = st.from_regex(r"[A-Za-z0-9]([A-Za-z0-9-]{0,10}[A-Za-z0-9])?", fullmatch=True)
hosts = st.one_of(st.lists(label, min_size=2, max_size=4).map(".".join), st.just("localhost"), st.just("[fd00::1]"))
ports = st.one_of(st.none(), st.integers(1, 65535).map(str))
component = st.from_regex(r"[a-z0-9]+((\.|_|__|-{1,3})[a-z0-9]+){0,3}", fullmatch=True)
paths = st.lists(component, min_size=1, max_size=4).map("/".join).filter(lambda path: len(path) <= 255)
tags = st.one_of(st.none(), st.from_regex(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}", fullmatch=True))
digests = st.one_of(st.none(), st.from_regex(r"sha256:[a-f0-9]{64}", fullmatch=True))


def written(host: str, port: str | None, path: str, tag: str | None, digest: str | None) -> str:
    return "".join(
        (
            host,
            "" if port is None else f":{port}",
            "/",
            path,
            "" if tag is None else f":{tag}",
            "" if digest is None else f"@{digest}",
        )
    )


@given(hosts, ports, paths, tags.filter(lambda tag: tag is None or "__" not in tag), digests)
def test_what_the_grammar_makes_is_taken_apart_again(
    host: str, port: str | None, path: str, tag: str | None, digest: str | None
) -> None:
    reference = written(host, port, path, tag, digest)
    parts = split(reference)
    assert (parts.host, parts.port, parts.path, parts.tag, parts.digest) == (host, port, path, tag, digest)
    assert reference[parts.path_start :].startswith(path)
    if tag is not None:
        assert reference[parts.tag_start :].startswith(tag)
    if digest is not None:
        assert reference[parts.digest_start :] == digest
    assert find_mistake(reference) is None
    assert correct(reference) == reference


@given(st.one_of(st.text(max_size=80), st.text("ab.:/@-_ AB{$<*[]\\\x00\u200b", max_size=40)))
@example("")
@example("@")
@example(":/@")
@example("[")
@example("[:/a")
@example("a/")
@example("//")
@example("/:")
def test_any_text_is_judged_and_a_correction_is_correct(text: str) -> None:
    finding = find_mistake(text)
    parts = split(text)
    if finding is not None:
        assert 0 <= finding.position < max(len(parts.text), 1)
    else:
        assert correct(text) == parts.text
    corrected = correct(text)
    assert corrected is None or find_mistake(corrected) is None
    assert isinstance(is_masked(text), bool)
    assert image_reference(text).reference == text.strip()


@pytest.mark.parametrize(
    ("reference", "mistake", "position", "corrected"),
    [
        ("contosoreg.azurecr.io/web/api:${TAG}", Mistake.TEMPLATE, 30, None),
        ("contosoreg.azurecr.io/web/api:{{ .Values.tag }}", Mistake.TEMPLATE, 30, None),
        ("contosoreg.azurecr.io/web/api:#{Build.BuildId}#", Mistake.TEMPLATE, 30, None),
        ("contosoreg.azurecr.io/web/api:$(Build.BuildId)", Mistake.TEMPLATE, 30, None),
        ("contosoreg.azurecr.io/web/api:__TAG__", Mistake.TEMPLATE, 30, None),
        ("https://contosoreg.azurecr.io/web/api:1", Mistake.SCHEME, 0, "contosoreg.azurecr.io/web/api:1"),
        ("https://contosoreg.azurecr.io/Web/API:1/", Mistake.SCHEME, 0, "contosoreg.azurecr.io/web/api:1"),
        ("contosoreg.azurecr.io/web/api :1", Mistake.SPACES, 29, "contosoreg.azurecr.io/web/api:1"),
        ("contosoreg.azurecr.io/web/api\u200b:1", Mistake.SPACES, 29, "contosoreg.azurecr.io/web/api:1"),
        ("contosoreg.azurecr.io/web/api/", Mistake.TRAILING_SLASH, 29, "contosoreg.azurecr.io/web/api"),
        ("contoso_reg.azurecr.io/web:1", Mistake.HOST, 7, None),
        ("contosoreg.azurecr.io\\web\\api:1", Mistake.CHARACTER, 21, "contosoreg.azurecr.io/web/api:1"),
        ("contosoreg.azurecr.io:web/api:1", Mistake.PORT, 21, "contosoreg.azurecr.io/web/api:1"),
        ("contosoreg.azurecr.io:70000/api:1", Mistake.PORT, 21, None),
        ("contosoreg.azurecr.io/:1", Mistake.NO_REPOSITORY, 22, None),
        ("contosoreg.azurecr.io/", Mistake.NO_REPOSITORY, 21, None),
        ("contosoreg.azurecr.io", Mistake.NO_REPOSITORY, 20, None),
        ("contosoreg.azurecr.io/Web/api:1", Mistake.UPPERCASE, 22, "contosoreg.azurecr.io/web/api:1"),
        ("contosoreg.azurecr.io/web//api:1", Mistake.CHARACTER, 26, "contosoreg.azurecr.io/web/api:1"),
        ("contosoreg.azurecr.io/web_/api:1", Mistake.CHARACTER, 25, None),
        ("contosoreg.azurecr.io/wéb/api:1", Mistake.CHARACTER, 23, None),
        ("contosoreg.azurecr.io/" + "a" * 256, Mistake.TOO_LONG, 22 + 255, None),
        ("contosoreg.azurecr.io/web/api:", Mistake.EMPTY_TAG, 29, None),
        ("contosoreg.azurecr.io/web/api:1.0:2", Mistake.TAG, 33, None),
        ("contosoreg.azurecr.io/web/api:" + "t" * 129, Mistake.TAG, 30 + 128, None),
        ("contosoreg.azurecr.io/web@sha256:12", Mistake.DIGEST, 34, None),
        (f"contosoreg.azurecr.io/web@{DIGEST.upper()}", Mistake.DIGEST, 26, f"contosoreg.azurecr.io/web@{DIGEST}"),
    ],
)
def test_every_mistake_is_named_and_pointed_at(
    reference: str, mistake: Mistake, position: int, corrected: str | None
) -> None:
    finding = find_mistake(reference)
    assert finding is not None
    assert (finding.mistake, finding.position) == (mistake, position)
    assert correct(reference) == corrected


@pytest.mark.parametrize(
    "reference",
    [
        "***.azurecr.io/web/api:1",
        "<acrname>.azurecr.io/<repository:tag>",
        "[REDACTED].azurecr.io/web:1",
        "xxxxx.azurecr.io/web:1",
        "REDACTED.azurecr.io/web:1",
        "….azurecr.io/web:1",
    ],
)
def test_covered_names_are_recognised(reference: str) -> None:
    assert is_masked(reference)


@pytest.mark.parametrize("reference", ["contosoreg.azurecr.io/xxx/api:1", "[fd00::1]:5000/web:1", "xxx:1"])
def test_real_names_are_not_taken_for_covered_ones(reference: str) -> None:
    assert not is_masked(reference)


def test_the_report_sees_the_parts_as_written() -> None:
    assert image_reference("Contoso.azurecr.io:443/web/api:1.4.2") == ImageReference(
        "Contoso.azurecr.io:443/web/api:1.4.2", "Contoso.azurecr.io:443", "web/api", "1.4.2", None
    )
    assert image_reference("nginx") == ImageReference("nginx", "docker.io", "nginx")
    assert image_reference("") == ImageReference("", "docker.io", "")
