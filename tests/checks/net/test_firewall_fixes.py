"""Which priority and which name a new rule of an Azure Firewall gets."""

from __future__ import annotations

from core.checks.fix_values import free_name
from core.checks.net.firewall_fixes import free_priority


def test_a_free_priority_and_a_free_name() -> None:
    assert free_priority([], None) == 300
    assert free_priority([200, 300], None) == 400
    assert free_priority([65000], None) == 300
    assert free_priority([64990], None) == 65000
    assert free_priority(range(100, 65000), None) == 65000
    assert free_priority(range(100, 65001), None) is None
    assert free_priority([200, 199], 200) == 198
    assert free_priority([100], 100) is None
    assert free_priority([100, 101], 101) is None
    assert free_name("allow-x", []) == "allow-x"
    assert free_name("allow-x", ["ALLOW-X", "allow-x-2"]) == "allow-x-3"
