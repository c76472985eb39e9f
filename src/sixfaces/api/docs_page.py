"""The page at /docs: all operations on one page, drawn here, without a script or another host."""

from typing import Any

import jinja2

_TEMPLATE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{{ info.title }} {{ info.version }}</title>
<style>
body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#222;background:#fff}
h2{margin-top:2.5rem;border-bottom:1px solid #ccc}summary{cursor:pointer;padding:.3rem 0}
code,pre{font:14px/1.4 ui-monospace,monospace}.verb{display:inline-block;width:4.5rem;font-weight:600}
.roles{color:#666;font-size:14px}pre{background:#f4f4f4;padding:.7rem;overflow:auto}
td,th{text-align:left;padding:.15rem .8rem .15rem 0;vertical-align:top}section{padding-left:1rem}
@media(prefers-color-scheme:dark){body{color:#ddd;background:#161616}pre{background:#242424}.roles{color:#999}}
</style></head><body>
<h1>{{ info.title }} {{ info.version }}</h1>
<p>{{ info.description }} The same as a file: <a href="/openapi.json">/openapi.json</a>.
Send <code>Authorization: Bearer sf_…</code> with every request under <code>/v1</code>.</p>
{% for tag, operations in groups.items() %}<h2>{{ tag }}</h2>
{% for o in operations %}<details id="{{ o.id }}"><summary><code><span class="verb">{{ o.method }}</span>{{ o.path }}
</code> {{ o.summary }} <span class="roles">{{ o.roles }}</span></summary><section>
<p>{{ o.text }}</p>
{% if o.parameters %}<table>{% for p in o.parameters %}<tr><td><code>{{ p.name }}</code></td><td>{{ p.in }}</td>
<td>{{ p.description or p.schema.title or "" }}</td></tr>{% endfor %}</table>{% endif %}
{% if o.body %}<p>Body: <a href="#{{ o.body }}"><code>{{ o.body }}</code></a></p>{% endif %}
{% if o.answers %}<p>Answers: {% for s, name in o.answers %}{{ s }}{% if name %} <a href="#{{ name }}"><code>{{ name }}
</code></a>{% endif %}{{ ", " if not loop.last }}{% endfor %}</p>{% endif %}
</section></details>{% endfor %}{% endfor %}
<h2>schemas</h2>
{% for name, schema in schemas.items() %}<details id="{{ name }}"><summary><code>{{ name }}</code></summary>
<pre>{{ schema | tojson(indent=1) }}</pre></details>{% endfor %}
</body></html>
"""


def docs_page(schema: dict[str, Any]) -> str:
    """The OpenAPI description as one HTML page."""
    groups: dict[str, list[dict[str, Any]]] = {}
    for path, methods in schema["paths"].items():
        for method, operation in methods.items():
            drawn = _operation(operation, method=method, path=path)
            groups.setdefault(operation.get("tags", ["other"])[0], []).append(drawn)
    template = jinja2.Environment(autoescape=True, undefined=jinja2.Undefined).from_string(_TEMPLATE)
    return template.render(info=schema["info"], groups=groups, schemas=schema["components"]["schemas"])


def _operation(operation: dict[str, Any], *, method: str, path: str) -> dict[str, Any]:
    roles = operation.get("x-roles", [])
    return {
        "id": operation["operationId"],
        "method": method.upper(),
        "path": path,
        "summary": operation.get("summary", ""),
        "text": operation.get("description", ""),
        "roles": ", ".join(roles) if roles else "no key",
        "parameters": operation.get("parameters", []),
        "body": _named(operation.get("requestBody", {})),
        "answers": [(status, _named(answer)) for status, answer in sorted(operation["responses"].items())],
    }


def _named(part: dict[str, Any]) -> str | None:
    """The name of the schema of a body or an answer, where it has one."""
    for content in part.get("content", {}).values():
        reference: str = content.get("schema", {}).get("$ref", "")
        if reference:
            return reference.rpartition("/")[2]
    return None
