"""The page on which a person allows or denies access."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

SCOPE_TEXTS = {
    "youtube": "Manage your YouTube account",
    "youtube.force-ssl": "See, edit and delete your YouTube videos",
    "youtube.readonly": "View your YouTube account",
    "youtube.upload": "Manage your YouTube videos",
    "youtubepartner": "View and manage your assets and content on YouTube",
}
PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{title} – YouTube sandbox</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>
body {{ font: 16px/1.5 system-ui, sans-serif; background: #f1f3f4; color: #202124;
       margin: 0; }}
.banner {{ background: #fbbc04; color: #202124; padding: .6rem 1rem;
          text-align: center; font-weight: 600; }}
main {{ background: #fff; max-width: 28rem; margin: 3rem auto; padding: 2rem;
       border: 1px solid #dadce0; border-radius: 12px; }}
h1 {{ font-size: 1.4rem; margin: 0 0 .5rem; }}
label {{ display: block; padding: .5rem 0; }}
.buttons {{ display: flex; gap: 1rem; justify-content: flex-end; margin-top: 2rem; }}
button {{ font: inherit; padding: .6rem 1.6rem; border-radius: 999px; cursor: pointer;
         border: 1px solid #747775; background: #fff; color: #0b57d0; }}
button.allow {{ background: #0b57d0; border-color: #0b57d0; color: #fff; }}
small {{ color: #5f6368; overflow-wrap: anywhere; }}
</style></head><body>
<div class="banner">Sandbox – this is not Google. Nothing here reaches YouTube.</div>
<main>{content}</main></body></html>
"""
FORM = """<h1>Connect to the YouTube sandbox</h1>
<p><strong>{client}</strong> asks for access to the account
<strong>{account}</strong>.</p>
<form method="post">{hidden}
<fieldset style="border:0;padding:0;margin:0"><legend>It wants to:</legend>{scopes}
</fieldset>
<p><small>Clear a box to grant less. You return to {redirect}.</small></p>
<div class="buttons">
<button name="decision" value="deny">Deny</button>
<button name="decision" value="allow" class="allow">Allow</button>
</div></form>
"""


def _hidden(name: str, value: str) -> str:
    return f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">'


def _checkbox(scope: str) -> str:
    text = SCOPE_TEXTS.get(scope.rsplit("/", 1)[-1], scope)
    return (
        f'<label><input type="checkbox" name="granted" value="{escape(scope)}" '
        f"checked> {escape(text)}</label>"
    )


def consent_page(
    parameters: Mapping[str, str], scopes: Sequence[str], account: str
) -> str:
    form = FORM.format(
        client=escape(parameters["client_id"]),
        account=escape(account),
        redirect=escape(parameters["redirect_uri"]),
        hidden="".join(_hidden(*pair) for pair in parameters.items()),
        scopes="".join(_checkbox(scope) for scope in scopes),
    )
    return PAGE.format(title="Allow access", content=form)


def error_page(code: str, text: str) -> str:
    content = (
        "<h1>Access blocked: authorization error</h1>"
        f"<p>{escape(text)}</p><p><small>Error: {escape(code)}</small></p>"
    )
    return PAGE.format(title="Error", content=content)
