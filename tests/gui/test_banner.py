"""The answer above everything else."""

from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from gui.banner import Banner
from gui.viewmodel.banner import BannerView
from gui.viewmodel.state import State

ANSWER = "aks-app cannot pull from contosoreg: the role was given to aks-app instead of aks-app-agentpool."


def test_a_name_in_the_answer_is_not_broken_at_its_hyphens_and_is_copied_as_it_is(qtbot: QtBot) -> None:
    banner = Banner()
    qtbot.addWidget(banner)
    banner.show_view(BannerView(headline=ANSWER, counts="1 cause", tone=State.FAIL, notes=()))
    banner.show()
    headline = banner.headline
    for width in range(300, 900, 25):
        banner.resize(width, 200)
        QApplication.processEvents()
        block = headline.document().firstBlock()
        lines = [block.layout().lineAt(number) for number in range(block.layout().lineCount())]
        ends = [block.text()[: line.textStart() + line.textLength()].rstrip("\u2060") for line in lines]
        assert not any(end.endswith("-") for end in ends)
    headline.selectAll()
    headline.copy()
    assert QApplication.clipboard().text() == ANSWER
    assert headline.accessibleName() == ANSWER
