"""What a pack compiles to, as text: the plan, its SQL, and the rulesets."""

from __future__ import annotations

from dataclasses import replace

from engine.authoring.closure import isolate
from engine.batch.evaluate import measures_of
from engine.decide.compile import compile_pack
from engine.language.model.pack import Pack
from engine.signals.plan import build_plan


def compiled_text(pack: Pack, names: frozenset[str]) -> str:
    """Return the canonical text for some policies (and those they refer to), or for all.

    Equal packs give equal text; the moment judged from stands as 0 in the SQL.
    """
    if names:
        chosen = {
            policy.name: policy
            for name in sorted(names)
            for policy in isolate(pack, next(p for p in pack.policies if p.name == name)).policies
        }
        pack = replace(pack, policies=tuple(chosen.values()), responses=())
    plan = build_plan(measures_of(pack))
    sql = "\n".join(
        f"-- {title}\n{text};" for title, text in plan.sql(as_of_us=0, since_us=0, pretty=True)
    )
    programs = "\n".join(program.text for program in compile_pack(pack))
    return f"# plan\n{plan.text()}\n# sql\n{sql}\n\n# rulesets\n{programs}"
