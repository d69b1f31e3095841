"""What the templates can use: translations, the writing of values, addresses."""

from __future__ import annotations

from flask import Flask

from retouche.core.keys import format_key
from retouche.web.access import who
from retouche.web.language import locale
from retouche.web.pages import links, presentation, words
from retouche.web.pages.assets import asset_url
from retouche.web.pages.context import commit_of
from retouche.web.pages.follow_up import mails_on
from retouche.web.pages.sessions import csrf_token
from retouche.web.pages.sites import located
from retouche.web.pages.values import numeric, show
from retouche.web.translations import gettext, ngettext


def furnish(app: Flask) -> None:
    environment = app.jinja_env
    environment.trim_blocks = True
    environment.lstrip_blocks = True
    environment.policies["ext.i18n.trimmed"] = True
    environment.add_extension("jinja2.ext.i18n")
    environment.install_gettext_callables(  # type: ignore[attr-defined]
        gettext, ngettext, newstyle=True
    )
    environment.filters.update(
        number=presentation.number,
        share=presentation.share,
        day=presentation.day,
        moment=presentation.moment,
        month=presentation.month,
        row_key=format_key,
    )
    environment.globals.update(
        absolute=links.absolute,
        asset_url=asset_url,
        commit_of=commit_of,
        csrf_token=csrf_token,
        here=links.here,
        languages=links.languages,
        locale=locale,
        located=located,
        mails_on=mails_on,
        numeric=numeric,
        page_url=links.page_url,
        show=show,
        who=who,
        words=words,
    )
