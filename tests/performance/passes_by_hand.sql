-- The passes of the shipped pack as someone writes them who knows the activity: every field is
-- supplied but those of accounts, and no text needs more than folding. One statement a pass, by its
-- name in the plan. `as_of` is a variable; parts that are 0 for such activity are left out.

-- accounts
CREATE OR REPLACE TEMP TABLE acc AS
SELECT e.account_id, row_number() OVER (ORDER BY e.account_id) - 1 AS account,
       a.org_id, a.payment_id, a.device_id, a.email_class = 'disposable' AS disposable,
       a.payment_type IN ('virtual', 'virtual_card', 'prepaid') AS virtual
FROM (SELECT DISTINCT account_id FROM events) e LEFT JOIN accounts a USING (account_id);

-- members
CREATE OR REPLACE TEMP TABLE mem AS
SELECT DISTINCT campaign, account
FROM members
JOIN (SELECT campaign_id, row_number() OVER (ORDER BY campaign_id) - 1 AS campaign
      FROM (SELECT DISTINCT campaign_id FROM members)) USING (campaign_id)
JOIN acc USING (account_id);

-- events
CREATE OR REPLACE TEMP TABLE ev AS
SELECT account, ts_us, prompt_hash, logit_bias_ids,
       blocked_by IS NOT NULL AS blocked,
       coalesce(logprobs AND len(logit_bias_ids) > 0 AND max_tokens <= 5, FALSE) AS probe,
       e.org_id AS own_org,
       CASE WHEN member THEN nullif(prompt_shape, '') END AS shape,
       CASE WHEN member THEN e.device_id END AS device_id,
       CASE WHEN member THEN ip END AS ip,
       CASE WHEN member THEN user_agent END AS user_agent,
       CASE WHEN member THEN system_shape END AS instruction,
       network_class = 'education' AS campus,
       CASE WHEN member THEN
         regexp_matches(folded(prompt), getvariable('demands'))
         OR coalesce(regexp_matches(folded(system_prompt), getvariable('demands')), FALSE)
         OR coalesce(list_contains(labels, 'reasoning_elicitation'), FALSE) END AS demand,
       CASE WHEN proxy + coalesce(disposable, FALSE)::INT + coalesce(virtual, FALSE)::INT >= 2 THEN TRUE
            WHEN proxy + coalesce(disposable, TRUE)::INT + coalesce(virtual, TRUE)::INT < 2 THEN FALSE
       END AS masked,
       output_tokens >= 150 AS long, turn <= 1 AS single
FROM (SELECT *, (network_class IN ('proxy', 'residential_proxy'))::INT AS proxy,
             account_id IN (SELECT account_id FROM members) AS member
      FROM events) e
JOIN acc USING (account_id);

-- account totals
SELECT account AS subject,
       count(*) FILTER (WHERE probe AND ts_us >= getvariable('as_of') - 86400000000) AS c0,
       count(*) FILTER (WHERE blocked AND ts_us >= getvariable('as_of') - 604800000000) AS c1,
       count(*) FILTER (WHERE NOT blocked AND ts_us >= getvariable('as_of') - 604800000000) AS c2,
       count(*) FILTER (WHERE ts_us >= getvariable('as_of') - 3888000000000) AS c3
FROM ev GROUP BY account;

-- account gaps
SELECT account AS subject, count(gap) AS gaps, sum(gap) AS total, sum(gap::HUGEINT * gap) AS squares
FROM (SELECT account, (ts_us - lag(ts_us) OVER (PARTITION BY account ORDER BY ts_us)) // 1000 AS gap
      FROM ev WHERE ts_us >= getvariable('as_of') - 3888000000000)
WHERE gap IS NOT NULL GROUP BY account;

-- account spectrum 1
SELECT account AS subject, count(*) AS distinct, sum(n) AS total, max(n) AS top
FROM (SELECT account, count(*) AS n
      FROM (SELECT account, unnest(logit_bias_ids) AS token
            FROM ev WHERE probe AND ts_us >= getvariable('as_of') - 86400000000)
      GROUP BY account, token)
GROUP BY account;

-- account spectrum 2
SELECT account AS subject, count(*) AS distinct, sum(n) AS total, max(n) AS top
FROM (SELECT account, count(*) AS n FROM ev
      WHERE blocked AND ts_us >= getvariable('as_of') - 604800000000
      GROUP BY account, prompt_hash)
GROUP BY account;

-- campaign totals
SELECT campaign AS subject, count(*) AS c0,
       count(shape) AS c1, count(shape) FILTER (WHERE demand) AS c2,
       count(instruction) AS c3, count(*) FILTER (WHERE instruction IS NULL) AS c4,
       count(*) FILTER (WHERE probe) AS c5,
       count(*) FILTER (WHERE campus) AS c6, count(*) FILTER (WHERE NOT campus) AS c7,
       count(*) FILTER (WHERE demand) AS c8, count(*) FILTER (WHERE NOT demand) AS c9,
       count(*) FILTER (WHERE masked) AS c10, count(*) FILTER (WHERE NOT masked) AS c11,
       count(*) FILTER (WHERE masked IS NULL) AS c12,
       count(*) FILTER (WHERE long) AS c13, count(*) FILTER (WHERE NOT long) AS c14,
       count(*) FILTER (WHERE single) AS c15, count(*) FILTER (WHERE NOT single) AS c16
FROM ev JOIN mem USING (account)
WHERE ts_us >= getvariable('as_of') - 3888000000000
GROUP BY campaign;

-- campaign belonging
SELECT campaign AS subject, count(DISTINCT org) + count(*) FILTER (WHERE org IS NULL) AS organisations
FROM (SELECT DISTINCT campaign, account, coalesce(e.org, acc.org_id) AS org
      FROM mem JOIN acc USING (account)
      LEFT JOIN (SELECT DISTINCT account, coalesce(own_org, org_id) AS org
                 FROM ev JOIN acc USING (account)) e USING (account))
GROUP BY campaign;

-- campaign carrying 1
SELECT campaign AS subject, count(*) FILTER (WHERE yes >= 1 AND 2 * yes >= n) AS certain,
       count(*) FILTER (WHERE yes >= 1 AND 2 * yes >= n) AS possible
FROM mem JOIN (SELECT account, count(*) FILTER (WHERE probe) AS yes, count(*) AS n FROM ev
               WHERE ts_us >= getvariable('as_of') - 3888000000000
               GROUP BY account) USING (account)
GROUP BY campaign;

-- campaign carrying 2
SELECT campaign AS subject, count(*) FILTER (WHERE yes >= 1 AND 10 * yes >= 3 * n) AS certain,
       count(*) FILTER (WHERE yes >= 1 AND 10 * yes >= 3 * n) AS possible
FROM mem JOIN (SELECT account, count(*) FILTER (WHERE demand) AS yes, count(*) AS n FROM ev
               WHERE ts_us >= getvariable('as_of') - 3888000000000
               GROUP BY account) USING (account)
GROUP BY campaign;

-- campaign carrying 3
SELECT campaign AS subject, count(*) FILTER (WHERE yes >= 1 AND 2 * yes >= n) AS certain,
       count(*) FILTER (WHERE perhaps >= 1 AND 2 * perhaps >= n) AS possible
FROM mem JOIN (SELECT account, count(*) FILTER (WHERE masked) AS yes,
                      count(*) FILTER (WHERE masked IS NOT FALSE) AS perhaps, count(*) AS n
               FROM ev WHERE ts_us >= getvariable('as_of') - 3888000000000
               GROUP BY account) USING (account)
GROUP BY campaign;

-- campaign collisions 1
WITH carried AS (
  SELECT DISTINCT campaign, shape, account, prompt_hash FROM ev JOIN mem USING (account)
  WHERE shape IS NOT NULL AND demand AND ts_us >= getvariable('as_of') - 3888000000000
), by_member AS (
  SELECT campaign, shape, sum(n) * sum(n) - sum(n * n) AS pairs
  FROM (SELECT campaign, shape, account, count(*) AS n FROM carried GROUP BY ALL)
  GROUP BY campaign, shape HAVING count(*) >= 2
), by_prompt AS (
  SELECT campaign, shape, count(*) AS prompts, sum(k * (k - 1) // 2) AS observed
  FROM (SELECT campaign, shape, prompt_hash, count(*) AS k FROM carried GROUP BY ALL)
  GROUP BY campaign, shape
)
SELECT campaign AS subject, prompts, sum(pairs) AS pairs, sum(observed) AS observed
FROM by_member JOIN by_prompt USING (campaign, shape) GROUP BY campaign, prompts;

-- campaign collisions 2
WITH carried AS (
  SELECT DISTINCT campaign, shape, account, prompt_hash FROM ev JOIN mem USING (account)
  WHERE shape IS NOT NULL AND ts_us >= getvariable('as_of') - 3888000000000
), by_member AS (
  SELECT campaign, shape, sum(n) * sum(n) - sum(n * n) AS pairs
  FROM (SELECT campaign, shape, account, count(*) AS n FROM carried GROUP BY ALL)
  GROUP BY campaign, shape HAVING count(*) >= 2
), by_prompt AS (
  SELECT campaign, shape, count(*) AS prompts, sum(k * (k - 1) // 2) AS observed
  FROM (SELECT campaign, shape, prompt_hash, count(*) AS k FROM carried GROUP BY ALL)
  GROUP BY campaign, shape
)
SELECT campaign AS subject, prompts, sum(pairs) AS pairs, sum(observed) AS observed
FROM by_member JOIN by_prompt USING (campaign, shape) GROUP BY campaign, prompts;

-- campaign crowding
WITH held AS (
  SELECT campaign, account, count(DISTINCT user_agent) AS n FROM ev JOIN mem USING (account)
  WHERE ts_us >= getvariable('as_of') - 3888000000000
  GROUP BY campaign, account
)
SELECT campaign AS subject, count(*) AS members, count(*) FILTER (WHERE n >= 8) AS certain,
       count(*) FILTER (WHERE n >= 8) AS possible
FROM mem LEFT JOIN held USING (campaign, account) GROUP BY campaign;

-- campaign roll
WITH paid AS (
  SELECT campaign, payment_id, count(*) AS n,
         count(org_id) = count(*) AND min(org_id) = max(org_id) AS own, min(org_id) AS org_id
  FROM mem JOIN acc USING (account) GROUP BY campaign, payment_id
)
SELECT campaign AS subject, sum(n) AS members,
       count(DISTINCT org_id) FILTER (WHERE payment_id IS NOT NULL AND own)
       + count(*) FILTER (WHERE payment_id IS NOT NULL AND NOT own) AS payers,
       coalesce(sum(n) FILTER (WHERE payment_id IS NULL), 0) AS payers_missing
FROM paid GROUP BY campaign;

-- campaign sharing 1
WITH held AS (SELECT campaign, account, device_id FROM mem JOIN acc USING (account)),
degrees AS (SELECT campaign, device_id, count(*) AS n FROM held GROUP BY ALL)
SELECT campaign AS subject, count(*) AS members,
       count(*) FILTER (WHERE n > 1) AS sharing,
       count(*) FILTER (WHERE device_id IS NULL) AS open,
       count(*) FILTER (WHERE n = 1) AS lone,
       count(*) FILTER (WHERE device_id IS NULL) AS unknown
FROM held LEFT JOIN degrees USING (campaign, device_id) GROUP BY campaign;

-- campaign sharing 2
WITH held AS (SELECT campaign, account, payment_id FROM mem JOIN acc USING (account)),
degrees AS (SELECT campaign, payment_id, count(*) AS n FROM held GROUP BY ALL)
SELECT campaign AS subject, count(*) AS members,
       count(*) FILTER (WHERE n > 1) AS sharing,
       count(*) FILTER (WHERE payment_id IS NULL) AS open,
       count(*) FILTER (WHERE n = 1) AS lone,
       count(*) FILTER (WHERE payment_id IS NULL) AS unknown
FROM held LEFT JOIN degrees USING (campaign, payment_id) GROUP BY campaign;

-- campaign sharing 3
WITH held AS (
  SELECT DISTINCT campaign, account, device_id FROM ev JOIN mem USING (account)
  WHERE ts_us >= getvariable('as_of') - 3888000000000
),
degrees AS (SELECT campaign, device_id, count(*) AS n FROM held GROUP BY ALL),
most AS (SELECT campaign, account, max(n) AS n
         FROM held JOIN degrees USING (campaign, device_id) GROUP BY campaign, account)
SELECT campaign AS subject, count(*) AS members, count(*) FILTER (WHERE n > 1) AS sharing,
       count(*) FILTER (WHERE n = 1) AS lone
FROM mem LEFT JOIN most USING (campaign, account) GROUP BY campaign;

-- campaign sharing 4
WITH held AS (
  SELECT DISTINCT campaign, account, ip FROM ev JOIN mem USING (account)
  WHERE ts_us >= getvariable('as_of') - 3888000000000
),
degrees AS (SELECT campaign, ip, count(*) AS n FROM held GROUP BY ALL),
most AS (SELECT campaign, account, max(n) AS n
         FROM held JOIN degrees USING (campaign, ip) GROUP BY campaign, account)
SELECT campaign AS subject, count(*) AS members, count(*) FILTER (WHERE n > 1) AS sharing,
       count(*) FILTER (WHERE n = 1) AS lone
FROM mem LEFT JOIN most USING (campaign, account) GROUP BY campaign;

-- campaign sharing 5
WITH held AS (
  SELECT campaign, account, prompt_hash, count(*) AS many FROM ev JOIN mem USING (account)
  WHERE ts_us >= getvariable('as_of') - 3888000000000
  GROUP BY ALL
),
told AS (SELECT *, count(*) OVER (PARTITION BY campaign, prompt_hash) AS n FROM held),
most AS (SELECT campaign, account,
                5 * coalesce(sum(many) FILTER (WHERE n > 1), 0) >= sum(many) AND max(n) > 1 AS most
         FROM told GROUP BY campaign, account)
SELECT campaign AS subject, count(*) AS members, count(*) FILTER (WHERE most) AS sharing,
       count(*) FILTER (WHERE NOT most) AS lone
FROM mem LEFT JOIN most USING (campaign, account) GROUP BY campaign;

-- campaign sharing 6
WITH held AS (
  SELECT campaign, account, prompt_hash, count(*) AS many FROM ev JOIN mem USING (account)
  WHERE demand AND ts_us >= getvariable('as_of') - 3888000000000
  GROUP BY ALL
),
told AS (SELECT *, count(*) OVER (PARTITION BY campaign, prompt_hash) AS n FROM held),
most AS (SELECT campaign, account,
                5 * coalesce(sum(many) FILTER (WHERE n > 1), 0) >= sum(many) AND max(n) > 1 AS most
         FROM told GROUP BY campaign, account)
SELECT campaign AS subject, count(*) AS members, count(*) FILTER (WHERE most) AS sharing,
       count(*) FILTER (WHERE NOT most) AS lone
FROM mem LEFT JOIN most USING (campaign, account) GROUP BY campaign;

-- campaign spectrum 1
SELECT campaign AS subject, n, count(*) AS many
FROM (SELECT campaign, account, count(*) AS n FROM ev JOIN mem USING (account)
      WHERE ts_us >= getvariable('as_of') - 3888000000000
      GROUP BY campaign, account)
GROUP BY campaign, n;

-- campaign spectrum 2
SELECT campaign AS subject, count(*) AS distinct, sum(n) AS total, max(n) AS top
FROM (SELECT campaign, count(*) AS n FROM ev JOIN mem USING (account)
      WHERE ts_us >= getvariable('as_of') - 3888000000000
      GROUP BY campaign, ip)
GROUP BY campaign;

-- campaign spectrum 3
SELECT campaign AS subject, count(*) AS distinct, sum(n) AS total, max(n) AS top
FROM (SELECT campaign, count(*) AS n
      FROM (SELECT campaign, unnest(logit_bias_ids) AS token FROM ev JOIN mem USING (account)
            WHERE probe AND ts_us >= getvariable('as_of') - 3888000000000)
      GROUP BY campaign, token)
GROUP BY campaign;

-- campaign spectrum 4
SELECT campaign AS subject, count(*) AS distinct, sum(n) AS total, max(n) AS top
FROM (SELECT campaign, count(*) AS n FROM ev JOIN mem USING (account)
      WHERE shape IS NOT NULL AND ts_us >= getvariable('as_of') - 3888000000000
      GROUP BY campaign, shape)
GROUP BY campaign;

-- campaign spectrum 5
SELECT campaign AS subject, count(*) AS distinct, sum(n) AS total, max(n) AS top
FROM (SELECT campaign, count(*) AS n FROM ev JOIN mem USING (account)
      WHERE instruction <> '' AND ts_us >= getvariable('as_of') - 3888000000000
      GROUP BY campaign, instruction)
GROUP BY campaign;

-- campaign spectrum 6
SELECT campaign AS subject, count(*) AS distinct, sum(n) AS total, max(n) AS top
FROM (SELECT campaign, count(*) AS n FROM ev JOIN mem USING (account)
      WHERE ts_us >= getvariable('as_of') - 3888000000000
      GROUP BY campaign, user_agent)
GROUP BY campaign;
