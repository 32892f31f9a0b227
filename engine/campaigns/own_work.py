"""Own work: which accounts do little else than what a hand alone does. See `work`."""

from __future__ import annotations

from engine.activity.workspace import Workspace
from engine.language.model.links import Links

FIELDS = ("prompt_shape", "system_shape")
"""Where work shows: a template, and a fixed instruction."""

FEWEST = 20
"""Accounts that do one work (DOMAIN I01)."""

USED, PART, MUCH = 3, 10, 10
"""Exchanges with a value by which an account has used it, of how many at least one, if it does much
of it; and exchanges with a hand's values of an account that works for it."""

MOST = (4, 5)
"""Part of those who have used a value who do much of it; who were opened in one season, or leave by
networks of which the same is true, or roam."""

EXIT = 3
"""Accounts that do the same and leave by one network, if it is a hand's."""

NETWORKS, OF = 30, 2
"""Networks by which an account that roams has left, at least, and one to so many of its exchanges.
A person has a home, an office and a carrier; who has another network each time has rented them."""

SEASON_US = 30 * 86_400_000_000
"""How long a hand may take to open the accounts of one work."""


COLUMNS = frozenset((*FIELDS, "ip_network"))
"""What of exchanges is looked at."""


def is_looked_at(links: Links) -> bool:
    """Return whether work links anybody: only where words do, and moments of sign-up."""
    words = any(connector.shared in FIELDS for connector in links.connectors)
    return words and links.signed_up is not None


def collect_work(workspace: Workspace, links: Links, period: tuple[int, int]) -> None:
    """Leave in `link_work` who works at what, most of whose exchanges are a hand's own work.

    A row is an account, a field and a value, with the number of its exchanges with it, how many
    accounts have used the value, a number for all who did so without a break (whoever begins when
    all others have ended has another one), and whether the account roams. `period` is in
    microseconds, both ends inclusive.
    """
    workspace.execute(_CREATE_WORK)
    if not is_looked_at(links):
        return
    workspace.execute(_CREATE_USED)
    for field in FIELDS:
        workspace.execute(_USED.format(field=field), [*period, *period])
    workspace.execute(_WORK, [*period, *period, period[1]])
    workspace.execute("DROP TABLE link_used")


_CREATE_WORK = """
    CREATE OR REPLACE TABLE link_work (
        account_id VARCHAR, field VARCHAR, value VARCHAR, exchanges BIGINT, carriers BIGINT,
        run BIGINT, roams BOOLEAN
    )
"""
_CREATE_USED = """
    CREATE OR REPLACE TABLE link_used (
        field VARCHAR, value VARCHAR, account_id VARCHAR, exchanges BIGINT, every BIGINT,
        first_us BIGINT, last_us BIGINT, carriers BIGINT
    )
"""
_USED = f"""
    INSERT INTO link_used
    WITH used AS (
        SELECT {{field}} AS value, account_id, COUNT(*) AS exchanges,
               MIN(ts_us) AS first_us, MAX(ts_us) AS last_us
        FROM events WHERE ts_us BETWEEN ? AND ? AND {{field}} <> ''
        GROUP BY ALL HAVING COUNT(*) >= {USED}
    ), totals AS (
        SELECT account_id, COUNT(*) AS every FROM events WHERE ts_us BETWEEN ? AND ?
        GROUP BY account_id
    ), counted AS (
        SELECT *, {PART} * exchanges >= every AS much,
               COUNT(*) OVER (PARTITION BY value) AS carriers
        FROM used JOIN totals USING (account_id)
    )
    SELECT '{{field}}', value, account_id, exchanges, every, first_us, last_us, carriers
    FROM counted WHERE much
    QUALIFY COUNT(*) OVER (PARTITION BY value) >= {FEWEST}
        AND {MOST[1]} * COUNT(*) OVER (PARTITION BY value) >= {MOST[0]} * carriers
"""
_WORK = f"""
    INSERT INTO link_work
    WITH networks AS (
        SELECT ip_network, account_id, COUNT(*) OVER (PARTITION BY ip_network) AS everybody
        FROM events WHERE ts_us BETWEEN ? AND ? AND ip_network <> ''
        GROUP BY ip_network, account_id HAVING COUNT(*) >= {USED}
    ), leaving AS (
        SELECT field, value, account_id, carriers, everybody,
               COUNT(*) OVER (PARTITION BY field, value, ip_network) AS here
        FROM link_used JOIN networks USING (account_id)
    ), exits AS (
        SELECT field, value FROM leaving
        WHERE here >= {EXIT} AND {MOST[1]} * here >= {MOST[0]} * everybody
        GROUP BY field, value, carriers
        HAVING {MOST[1]} * COUNT(DISTINCT account_id) >= {MOST[0]} * carriers
    ), roaming AS (
        SELECT account_id FROM events SEMI JOIN link_used USING (account_id)
        WHERE ts_us BETWEEN ? AND ? AND ip_network <> '' GROUP BY account_id
        HAVING COUNT(DISTINCT ip_network) >= {NETWORKS}
            AND {OF} * COUNT(DISTINCT ip_network) >= COUNT(*)
    ), opened AS (
        SELECT account_id, MIN(created_us) AS created_us FROM accounts
        WHERE created_us <= ? GROUP BY account_id
    ), seasons AS (
        SELECT field, value, carriers, COUNT(*) OVER (
            PARTITION BY field, value ORDER BY created_us
            RANGE BETWEEN CURRENT ROW AND {SEASON_US} FOLLOWING
        ) AS opened
        FROM link_used JOIN opened USING (account_id)
    ), own AS (
        SELECT DISTINCT field, value FROM seasons
        WHERE {MOST[1]} * opened >= {MOST[0]} * carriers
        UNION SELECT field, value FROM exits
        UNION SELECT field, value FROM link_used SEMI JOIN roaming USING (account_id)
        GROUP BY field, value, carriers HAVING {MOST[1]} * COUNT(*) >= {MOST[0]} * carriers
    ), busy AS (
        SELECT *, SUM(exchanges) OVER (PARTITION BY field, account_id) AS busy
        FROM link_used SEMI JOIN own USING (field, value)
    ), ended AS (
        SELECT *, MAX(last_us) OVER (
            PARTITION BY field, value ORDER BY first_us, account_id
            ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        ) AS ended_us
        FROM busy WHERE busy >= {MUCH} AND 2 * busy >= every
    ), broken AS (
        SELECT *, COUNT(*) FILTER (first_us > ended_us) OVER (
            PARTITION BY field, value ORDER BY first_us, account_id
            ROWS UNBOUNDED PRECEDING
        ) AS break
        FROM ended
    )
    SELECT account_id, field, value, exchanges, carriers,
           DENSE_RANK() OVER (ORDER BY field, value, break) - 1 AS run,
           account_id IN (SELECT account_id FROM roaming) AS roams
    FROM broken
"""
