"""What a pack compiles to, as text: the plan, its SQL, and the rulesets."""

from __future__ import annotations

from dataclasses import replace

from engine.authoring.closure import isolate
from engine.batch.costs import plan_of
from engine.batch.evaluate import measures_of, names_of
from engine.batch.profile import Profile
from engine.decide.compile import compile_pack
from engine.language.model.pack import Pack
from engine.signals.plan import build_plan
from engine.signals.printed import printed


def compiled_text(pack: Pack, names: frozenset[str]) -> str:
    """Return the canonical text for some policies (and those they refer to), or for all.

    Equal packs give equal text; the moment judged from stands as 0 in the SQL.
    """
    pack = reduced(pack, names)
    plan = build_plan(measures_of(pack))
    sql = "\n".join(
        f"-- {title}\n{text};" for title, text in plan.sql(as_of_us=0, since_us=0, pretty=True)
    )
    programs = "\n".join(program.text for program in compile_pack(pack))
    shared = printed(plan, names_of(pack))
    return f"# plan\n{shared}\n# sql\n{sql}\n\n# rulesets\n{programs}"


def plan_text(pack: Pack, names: frozenset[str]) -> str:
    """Return the plan alone, as it stands in the canonical text."""
    pack = reduced(pack, names)
    return printed(build_plan(measures_of(pack)), names_of(pack))


def profiled_text(pack: Pack, profile: Profile) -> str:
    """Return the plan that a run carried out over its activity, with what each step took."""
    return printed(plan_of(pack, profile), names_of(pack), profile.measuring)


def reduced(pack: Pack, names: frozenset[str]) -> Pack:
    """Return the pack with some policies only, and those they refer to; with all for no name."""
    if not names:
        return pack
    chosen = {
        policy.name: policy
        for name in sorted(names)
        for policy in isolate(pack, next(p for p in pack.policies if p.name == name)).policies
    }
    return replace(pack, policies=tuple(chosen.values()), responses=())
