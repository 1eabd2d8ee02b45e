"""The page that shows every mail to those who look after them."""

from collections import Counter

from notify.letters.render import LANGUAGES, TEMPLATES, preview
from notify.vocabulary import MessageKind


def test_every_kind_of_mail_is_shown_in_every_language():
    kinds = Counter((each.kind, each.language) for each in preview.samples())
    assert set(kinds) == {(kind.value, language) for kind in MessageKind for language in LANGUAGES}


def test_every_template_is_of_a_kind_and_exists_in_every_language():
    for language in LANGUAGES:
        named = {path.stem for path in (TEMPLATES / language).glob("*.jinja")}
        assert named == {kind.value for kind in MessageKind}


def test_the_page_leads_to_each_mail_as_html_and_as_text(tmp_path):
    number = preview.write(tmp_path / "mails")
    page = (tmp_path / "mails" / "index.html").read_text(encoding="utf-8")
    for each in preview.samples():
        assert f'href="{each.name}.html"' in page
        assert (tmp_path / "mails" / f"{each.name}.html").read_text(encoding="utf-8") == each.mail.html
        assert each.mail.text in (tmp_path / "mails" / f"{each.name}.txt").read_text(encoding="utf-8")
    assert number == len(list(preview.samples())) == page.count("<iframe")
