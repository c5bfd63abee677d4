"""What the server says why, told as it is: who is refused knows whether it is the letter or the subject."""

from __future__ import annotations

import pytest

from app.texts import Texts
from app.wire.messages import ProblemBody
from app.wire.problems import WHY, trouble_of


@pytest.mark.parametrize("language", ["zh_CN", "en"])
@pytest.mark.parametrize("code", WHY)
def test_each_reason_has_words_of_its_own_and_an_unknown_one_the_codes(code: str, language: str) -> None:
    told = Texts(language)
    said = set()
    for why in WHY[code]:
        trouble = trouble_of(ProblemBody(code=code, status=403, context={"why": why}))
        assert trouble.code == code
        said.add(told.say(trouble.text))
    assert len(said) == len(WHY[code])
    other = trouble_of(ProblemBody(code=code, status=403, context={"why": "another"}))
    assert other.text == f"problem.{code}"
