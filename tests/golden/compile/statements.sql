-- measured_organisations
SELECT
  org_id AS org_id,
  active = 1 AS active,
  CAST((
    ROW_NUMBER() OVER (ORDER BY active DESC, org_id)
  ) - 1 AS INT) AS organisation
FROM (
  SELECT
    org_id AS org_id,
    MAX(active) AS active
  FROM (
    SELECT
      COALESCE(e.org_id, a.org_id) AS org_id,
      1 AS active
    FROM events AS e
    LEFT JOIN accounts AS a
      ON a.account_id = e.account_id
    WHERE
      ts_us BETWEEN 0 AND 0
    UNION ALL
    SELECT
      org_id AS org_id,
      0 AS active
    FROM accounts
  ) AS r
  WHERE
    NOT org_id IS NULL
  GROUP BY
    org_id
) AS g;
-- measured_accounts
SELECT
  r.account_id AS account_id,
  r.active AS active,
  r.account AS account,
  a.org_id AS org_id,
  a.payment_id AS payment_id,
  a.f0 AS f0,
  a.f1 AS f1,
  a.t9 AS t9,
  a.t10 AS t10,
  o.organisation AS organisation,
  COALESCE(a.settled, FALSE) AS settled
FROM (
  SELECT
    account_id AS account_id,
    active = 1 AS active,
    CAST((
      ROW_NUMBER() OVER (ORDER BY active DESC, account_id)
    ) - 1 AS INT) AS account
  FROM (
    SELECT
      account_id AS account_id,
      MAX(active) AS active
    FROM (
      SELECT DISTINCT
        account_id AS account_id,
        1 AS active
      FROM events
      WHERE
        ts_us BETWEEN 0 AND 0
      UNION ALL
      SELECT
        account_id AS account_id,
        0 AS active
      FROM members
    ) AS r
    WHERE
      NOT account_id IS NULL
    GROUP BY
      account_id
  ) AS g
) AS r
LEFT JOIN (
  SELECT
    account_id AS account_id,
    org_id AS org_id,
    payment_id AS payment_id,
    device_id AS f0,
    payment_id AS f1,
    (
      COALESCE(supplied, 0) & 1
    ) <> 0 AS settled,
    folded_email_class IN ('disposable') AS t9,
    folded_payment_type IN ('virtual', 'virtual_card', 'prepaid') AS t10
  FROM (
    SELECT
      account_id AS account_id,
      device_id AS device_id,
      email_class AS email_class,
      org_id AS org_id,
      payment_id AS payment_id,
      payment_type AS payment_type,
      supplied AS supplied,
      FOLDED(email_class) AS folded_email_class,
      FOLDED(payment_type) AS folded_payment_type
    FROM accounts
  ) AS p
) AS a
  ON a.account_id = r.account_id
LEFT JOIN measured_organisations AS o
  ON o.org_id = a.org_id;
-- measured_campaigns
SELECT
  campaign_id AS campaign_id,
  active = 1 AS active,
  CAST((
    ROW_NUMBER() OVER (ORDER BY active DESC, campaign_id)
  ) - 1 AS INT) AS campaign
FROM (
  SELECT
    campaign_id AS campaign_id,
    MAX(active) AS active
  FROM (
    SELECT
      campaign_id AS campaign_id,
      1 AS active
    FROM members
  ) AS r
  WHERE
    NOT campaign_id IS NULL
  GROUP BY
    campaign_id
) AS g;
-- measured_members
SELECT DISTINCT
  c.campaign AS campaign,
  a.account AS account
FROM members AS m
JOIN measured_campaigns AS c
  ON c.campaign_id = m.campaign_id
JOIN measured_accounts AS a
  ON a.account_id = m.account_id;
-- measured
SELECT
  a.account AS account,
  e.ts_us AS ts_us,
  a.account AS f2,
  e.f3 AS f3,
  e.f4 AS f4,
  e.f5 AS f5,
  e.f5_known AS f5_known,
  e.f6 AS f6,
  e.f7 AS f7,
  e.f7_known AS f7_known,
  e.f8 AS f8,
  e.f8_known AS f8_known,
  e.f9 AS f9,
  CASE
    WHEN COALESCE(e.t0, FALSE) AND COALESCE(e.t1, FALSE) AND COALESCE(e.t2, FALSE)
    THEN TRUE
    WHEN (
      (
        NOT e.t0 IS NULL
      ) AND (
        NOT e.t1 IS NULL
      ) AND (
        NOT e.t2 IS NULL
      )
    )
    OR (
      (
        NOT COALESCE(e.t0, TRUE)
      )
      OR (
        NOT COALESCE(e.t1, TRUE)
      )
      OR (
        NOT COALESCE(e.t2, TRUE)
      )
    )
    THEN FALSE
  END AS w0,
  CASE WHEN COALESCE(e.t3, FALSE) THEN TRUE WHEN NOT e.t3 IS NULL THEN FALSE END AS w1,
  CASE WHEN COALESCE(e.t4, FALSE) THEN TRUE WHEN NOT e.t4 IS NULL THEN FALSE END AS w3,
  CASE
    WHEN COALESCE(e.t5, FALSE) OR COALESCE(e.t6, FALSE) OR COALESCE(e.t7, FALSE)
    THEN TRUE
    WHEN (
      NOT e.t5 IS NULL
    ) OR (
      NOT e.t6 IS NULL
    ) OR (
      NOT e.t7 IS NULL
    )
    THEN FALSE
  END AS w4,
  CASE
    WHEN (
      COALESCE(e.t8, FALSE) AND COALESCE(a.t9, FALSE)
    )
    OR (
      COALESCE(e.t8, FALSE) AND COALESCE(a.t10, FALSE)
    )
    OR (
      COALESCE(a.t9, FALSE) AND COALESCE(a.t10, FALSE)
    )
    THEN TRUE
    WHEN (
      (
        (
          NOT e.t8 IS NULL
        ) AND (
          NOT a.t9 IS NULL
        )
      )
      OR (
        (
          NOT COALESCE(e.t8, TRUE)
        ) OR (
          NOT COALESCE(a.t9, TRUE)
        )
      )
    )
    OR (
      (
        (
          NOT e.t8 IS NULL
        ) AND (
          NOT a.t10 IS NULL
        )
      )
      OR (
        (
          NOT COALESCE(e.t8, TRUE)
        ) OR (
          NOT COALESCE(a.t10, TRUE)
        )
      )
    )
    OR (
      (
        (
          NOT a.t9 IS NULL
        ) AND (
          NOT a.t10 IS NULL
        )
      )
      OR (
        (
          NOT COALESCE(a.t9, TRUE)
        ) OR (
          NOT COALESCE(a.t10, TRUE)
        )
      )
    )
    THEN FALSE
  END AS w5,
  CASE WHEN COALESCE(e.t11, FALSE) THEN TRUE WHEN NOT e.t11 IS NULL THEN FALSE END AS w6,
  CASE WHEN COALESCE(e.t12, FALSE) THEN TRUE WHEN NOT e.t12 IS NULL THEN FALSE END AS w7,
  COALESCE(o.organisation, a.organisation) AS organisation,
  e.settled AS settled
FROM (
  SELECT
    account_id AS account_id,
    ts_us AS ts_us,
    org_id AS org_id,
    device_id AS f3,
    ip AS f4,
    CASE
      WHEN (
        COALESCE(supplied, 0) & 128
      ) <> 0
      THEN NULLIF(LIST_FILTER(logit_bias_ids, LAMBDA element : NOT element IS NULL), [])
    END AS f5,
    (
      COALESCE(supplied, 0) & 128
    ) <> 0 AS f5_known,
    prompt_hash AS f6,
    CASE WHEN NOT prompt_shape IS NULL THEN NULLIF(prompt_shape, '') END AS f7,
    NOT prompt_shape IS NULL AS f7_known,
    CASE WHEN NOT system_shape IS NULL THEN NULLIF(system_shape, '') END AS f8,
    NOT system_shape IS NULL AS f8_known,
    user_agent AS f9,
    (
      COALESCE(supplied, 0) & 1
    ) <> 0 AS settled,
    CASE
      WHEN (
        COALESCE(supplied, 0) & 32
      ) <> 0
      THEN COALESCE((
        logprobs = TRUE
      ), FALSE)
    END AS t0,
    CASE
      WHEN (
        COALESCE(supplied, 0) & 128
      ) <> 0
      THEN (
        LEN(COALESCE(logit_bias_ids, [])) > 0
      )
    END AS t1,
    CASE
      WHEN (
        COALESCE(supplied, 0) & 8
      ) <> 0
      THEN COALESCE((
        max_tokens <= 5
      ), FALSE)
    END AS t2,
    CASE
      WHEN (
        COALESCE(supplied, 0) & 8192
      ) <> 0
      THEN (
        NOT blocked_by IS NULL
      )
    END AS t3,
    folded_network_class IN ('education') AS t4,
    REGEXP_MATCHES(
      folded_prompt,
      'between\ \<think\>|inside\ \<think\>|in\ \<think\>\ tags|within\ \<reasoning\>|inside\ \<reasoning\>|in\ \<reasoning\>\ tags|\<scratchpad\>|reproduce\ your\ hidden\ reasoning|reveal\ your\ hidden\ reasoning|print\ your\ internal\ reasoning|output\ your\ internal\ reasoning|write\ out\ your\ internal\ monologue|verbatim\ chain\ of\ thought|complete\ chain\ of\ thought|full\ chain\ of\ thought|all\ prior\ reasoning|entire\ reasoning\ trace|full\ reasoning\ trace|every\ intermediate\ thought|reasoning\ tokens\ verbatim'
    ) AS t5,
    REGEXP_MATCHES(
      folded_system_prompt,
      'between\ \<think\>|inside\ \<think\>|in\ \<think\>\ tags|within\ \<reasoning\>|inside\ \<reasoning\>|in\ \<reasoning\>\ tags|\<scratchpad\>|reproduce\ your\ hidden\ reasoning|reveal\ your\ hidden\ reasoning|print\ your\ internal\ reasoning|output\ your\ internal\ reasoning|write\ out\ your\ internal\ monologue|verbatim\ chain\ of\ thought|complete\ chain\ of\ thought|full\ chain\ of\ thought|all\ prior\ reasoning|entire\ reasoning\ trace|full\ reasoning\ trace|every\ intermediate\ thought|reasoning\ tokens\ verbatim'
    ) AS t6,
    CASE
      WHEN (
        COALESCE(supplied, 0) & 1024
      ) <> 0
      THEN COALESCE(LIST_HAS_ANY(folded_labels, ['reasoning_elicitation']), FALSE)
    END AS t7,
    folded_network_class IN ('proxy', 'residential_proxy') AS t8,
    (
      output_tokens >= 150
    ) AS t11,
    (
      turn <= 1
    ) AS t12
  FROM (
    SELECT
      account_id AS account_id,
      blocked_by AS blocked_by,
      device_id AS device_id,
      ip AS ip,
      labels AS labels,
      logit_bias_ids AS logit_bias_ids,
      logprobs AS logprobs,
      max_tokens AS max_tokens,
      network_class AS network_class,
      org_id AS org_id,
      output_tokens AS output_tokens,
      prompt AS prompt,
      prompt_hash AS prompt_hash,
      prompt_shape AS prompt_shape,
      supplied AS supplied,
      system_prompt AS system_prompt,
      system_shape AS system_shape,
      ts_us AS ts_us,
      turn AS turn,
      user_agent AS user_agent,
      LIST_TRANSFORM(labels, LAMBDA element : FOLDED(element)) AS folded_labels,
      FOLDED(network_class) AS folded_network_class,
      FOLDED(prompt) AS folded_prompt,
      FOLDED(system_prompt) AS folded_system_prompt
    FROM (
      SELECT
        account_id AS account_id,
        blocked_by AS blocked_by,
        CASE WHEN member THEN device_id END AS device_id,
        CASE WHEN member THEN ip END AS ip,
        CASE WHEN member THEN labels END AS labels,
        logit_bias_ids AS logit_bias_ids,
        logprobs AS logprobs,
        max_tokens AS max_tokens,
        CASE WHEN member THEN network_class END AS network_class,
        CASE WHEN member THEN org_id END AS org_id,
        CASE WHEN member THEN output_tokens END AS output_tokens,
        CASE WHEN member THEN prompt END AS prompt,
        prompt_hash AS prompt_hash,
        CASE WHEN member THEN prompt_shape END AS prompt_shape,
        supplied AS supplied,
        CASE WHEN member THEN system_prompt END AS system_prompt,
        CASE WHEN member THEN system_shape END AS system_shape,
        ts_us AS ts_us,
        CASE WHEN member THEN turn END AS turn,
        CASE WHEN member THEN user_agent END AS user_agent
      FROM (
        SELECT
          account_id AS account_id,
          blocked_by AS blocked_by,
          device_id AS device_id,
          ip AS ip,
          labels AS labels,
          logit_bias_ids AS logit_bias_ids,
          logprobs AS logprobs,
          max_tokens AS max_tokens,
          network_class AS network_class,
          org_id AS org_id,
          output_tokens AS output_tokens,
          prompt AS prompt,
          prompt_hash AS prompt_hash,
          prompt_shape AS prompt_shape,
          supplied AS supplied,
          system_prompt AS system_prompt,
          system_shape AS system_shape,
          ts_us AS ts_us,
          turn AS turn,
          user_agent AS user_agent,
          account_id IN (
            SELECT
              members.account_id AS account_id
            FROM members
          ) AS member
        FROM events
        WHERE
          ts_us BETWEEN 0 AND 0
      ) AS k
    ) AS b
  ) AS p
) AS e
JOIN measured_accounts AS a
  ON a.account_id = e.account_id
LEFT JOIN measured_organisations AS o
  ON o.org_id = e.org_id;
-- account totals
SELECT
  m.account AS subject,
  CAST(COALESCE(COUNT(CASE WHEN m.f5_known AND m.w0 THEN 1 END), 0) AS BIGINT) AS c0,
  CAST(COALESCE(COUNT(CASE WHEN (
    NOT m.f5_known
  ) AND m.w0 THEN 1 END), 0) AS BIGINT) AS c1,
  CAST(COALESCE(COUNT(CASE WHEN (
    NOT m.f5_known
  ) AND (
    m.w0 IS NULL
  ) THEN 1 END), 0) AS BIGINT) AS c2,
  CAST(COALESCE(COUNT(CASE WHEN (
    NOT m.f5 IS NULL
  ) AND (
    m.w0 IS NULL
  ) THEN 1 END), 0) AS BIGINT) AS c3,
  CAST(COALESCE(COUNT(CASE WHEN m.w0 THEN 1 END), 0) AS BIGINT) AS c4,
  CAST(COALESCE(COUNT(CASE WHEN (
    m.w0 IS NULL
  ) THEN 1 END), 0) AS BIGINT) AS c5,
  CAST(COALESCE(
    CAST(SUM(CASE WHEN (
      NOT m.f5 IS NULL
    ) AND (
      m.w0 IS NULL
    ) THEN LEN(m.f5) END) AS INT128),
    CAST(0 AS INT128)
  ) // CAST(4611686018427387904 AS INT128) AS BIGINT) AS c6_high,
  CAST(COALESCE(
    CAST(SUM(CASE WHEN (
      NOT m.f5 IS NULL
    ) AND (
      m.w0 IS NULL
    ) THEN LEN(m.f5) END) AS INT128),
    CAST(0 AS INT128)
  ) % CAST(4611686018427387904 AS INT128) AS BIGINT) AS c6_low,
  CAST(COALESCE(COUNT(CASE WHEN (
    m.f6 IS NULL
  ) AND m.w1 THEN 1 END), 0) AS BIGINT) AS c7,
  CAST(COALESCE(COUNT(CASE WHEN (
    m.f6 IS NULL
  ) AND (
    m.w1 IS NULL
  ) THEN 1 END), 0) AS BIGINT) AS c8,
  CAST(COALESCE(COUNT(CASE WHEN (
    NOT m.f6 IS NULL
  ) AND m.w1 THEN 1 END), 0) AS BIGINT) AS c9,
  CAST(COALESCE(COUNT(CASE WHEN (
    NOT m.f6 IS NULL
  ) AND (
    m.w1 IS NULL
  ) THEN 1 END), 0) AS BIGINT) AS c10,
  CAST(COALESCE(COUNT(CASE WHEN m.w1 THEN 1 END), 0) AS BIGINT) AS c11,
  CAST(COALESCE(COUNT(CASE WHEN (
    NOT m.w1
  ) THEN 1 END), 0) AS BIGINT) AS c12,
  CAST(COALESCE(COUNT(CASE WHEN (
    m.w1 IS NULL
  ) THEN 1 END), 0) AS BIGINT) AS c13,
  CAST(COALESCE(COUNT(*), 0) AS BIGINT) AS c14
FROM measured AS m
GROUP BY
  m.account;
-- campaign totals
SELECT
  c.campaign AS subject,
  CAST(COALESCE(COUNT(*), 0) AS BIGINT) AS c0,
  CAST(COALESCE(COUNT(CASE WHEN (
    m.f4 IS NULL
  ) THEN 1 END), 0) AS BIGINT) AS c1,
  CAST(COALESCE(COUNT(CASE WHEN (
    NOT m.f4 IS NULL
  ) THEN 1 END), 0) AS BIGINT) AS c2,
  CAST(COALESCE(COUNT(CASE WHEN m.f5_known AND m.w0 THEN 1 END), 0) AS BIGINT) AS c3,
  CAST(COALESCE(COUNT(CASE WHEN (
    NOT m.f5_known
  ) AND m.w0 THEN 1 END), 0) AS BIGINT) AS c4,
  CAST(COALESCE(COUNT(CASE WHEN (
    NOT m.f5_known
  ) AND (
    m.w0 IS NULL
  ) THEN 1 END), 0) AS BIGINT) AS c5,
  CAST(COALESCE(COUNT(CASE WHEN (
    NOT m.f5 IS NULL
  ) AND (
    m.w0 IS NULL
  ) THEN 1 END), 0) AS BIGINT) AS c6,
  CAST(COALESCE(COUNT(CASE WHEN (
    m.f6 IS NULL
  ) AND (
    NOT m.f7 IS NULL
  ) THEN 1 END), 0) AS BIGINT) AS c7,
  CAST(COALESCE(
    COUNT(CASE WHEN (
      m.f6 IS NULL
    ) AND (
      NOT m.f7 IS NULL
    ) AND m.w4 THEN 1 END),
    0
  ) AS BIGINT) AS c8,
  CAST(COALESCE(COUNT(CASE WHEN (
    NOT m.f6 IS NULL
  ) AND (
    NOT m.f7 IS NULL
  ) THEN 1 END), 0) AS BIGINT) AS c9,
  CAST(COALESCE(
    COUNT(CASE WHEN (
      NOT m.f6 IS NULL
    ) AND (
      NOT m.f7 IS NULL
    ) AND m.w4 THEN 1 END),
    0
  ) AS BIGINT) AS c10,
  CAST(COALESCE(
    COUNT(
      CASE
        WHEN (
          (
            NOT m.f7 IS NULL
          ) OR (
            NOT m.f7_known
          )
        )
        AND (
          m.w4 IS NULL
        )
        THEN 1
      END
    ),
    0
  ) AS BIGINT) AS c11,
  CAST(COALESCE(COUNT(CASE WHEN m.f7_known THEN 1 END), 0) AS BIGINT) AS c12,
  CAST(COALESCE(COUNT(CASE WHEN (
    NOT m.f7_known
  ) THEN 1 END), 0) AS BIGINT) AS c13,
  CAST(COALESCE(COUNT(CASE WHEN (
    NOT m.f7_known
  ) AND m.w4 THEN 1 END), 0) AS BIGINT) AS c14,
  CAST(COALESCE(COUNT(CASE WHEN m.f8_known THEN 1 END), 0) AS BIGINT) AS c15,
  CAST(COALESCE(COUNT(CASE WHEN (
    NOT m.f8_known
  ) THEN 1 END), 0) AS BIGINT) AS c16,
  CAST(COALESCE(COUNT(CASE WHEN (
    m.f9 IS NULL
  ) THEN 1 END), 0) AS BIGINT) AS c17,
  CAST(COALESCE(COUNT(CASE WHEN (
    NOT m.f9 IS NULL
  ) THEN 1 END), 0) AS BIGINT) AS c18,
  CAST(COALESCE(COUNT(CASE WHEN m.w0 THEN 1 END), 0) AS BIGINT) AS c19,
  CAST(COALESCE(COUNT(CASE WHEN (
    m.w0 IS NULL
  ) THEN 1 END), 0) AS BIGINT) AS c20,
  CAST(COALESCE(COUNT(CASE WHEN m.w3 THEN 1 END), 0) AS BIGINT) AS c21,
  CAST(COALESCE(COUNT(CASE WHEN (
    NOT m.w3
  ) THEN 1 END), 0) AS BIGINT) AS c22,
  CAST(COALESCE(COUNT(CASE WHEN (
    m.w3 IS NULL
  ) THEN 1 END), 0) AS BIGINT) AS c23,
  CAST(COALESCE(COUNT(CASE WHEN m.w4 THEN 1 END), 0) AS BIGINT) AS c24,
  CAST(COALESCE(COUNT(CASE WHEN (
    NOT m.w4
  ) THEN 1 END), 0) AS BIGINT) AS c25,
  CAST(COALESCE(COUNT(CASE WHEN (
    m.w4 IS NULL
  ) THEN 1 END), 0) AS BIGINT) AS c26,
  CAST(COALESCE(COUNT(CASE WHEN m.w5 THEN 1 END), 0) AS BIGINT) AS c27,
  CAST(COALESCE(COUNT(CASE WHEN (
    NOT m.w5
  ) THEN 1 END), 0) AS BIGINT) AS c28,
  CAST(COALESCE(COUNT(CASE WHEN (
    m.w5 IS NULL
  ) THEN 1 END), 0) AS BIGINT) AS c29,
  CAST(COALESCE(COUNT(CASE WHEN m.w6 THEN 1 END), 0) AS BIGINT) AS c30,
  CAST(COALESCE(COUNT(CASE WHEN (
    NOT m.w6
  ) THEN 1 END), 0) AS BIGINT) AS c31,
  CAST(COALESCE(COUNT(CASE WHEN (
    m.w6 IS NULL
  ) THEN 1 END), 0) AS BIGINT) AS c32,
  CAST(COALESCE(COUNT(CASE WHEN m.w7 THEN 1 END), 0) AS BIGINT) AS c33,
  CAST(COALESCE(COUNT(CASE WHEN (
    NOT m.w7
  ) THEN 1 END), 0) AS BIGINT) AS c34,
  CAST(COALESCE(COUNT(CASE WHEN (
    m.w7 IS NULL
  ) THEN 1 END), 0) AS BIGINT) AS c35,
  CAST(COALESCE(
    CAST(SUM(CASE WHEN (
      NOT m.f5 IS NULL
    ) AND (
      m.w0 IS NULL
    ) THEN LEN(m.f5) END) AS INT128),
    CAST(0 AS INT128)
  ) // CAST(4611686018427387904 AS INT128) AS BIGINT) AS c36_high,
  CAST(COALESCE(
    CAST(SUM(CASE WHEN (
      NOT m.f5 IS NULL
    ) AND (
      m.w0 IS NULL
    ) THEN LEN(m.f5) END) AS INT128),
    CAST(0 AS INT128)
  ) % CAST(4611686018427387904 AS INT128) AS BIGINT) AS c36_low
FROM measured AS m
JOIN measured_members AS c
  ON c.account = m.account
GROUP BY
  c.campaign;
-- account gaps
SELECT
  subject AS subject,
  CAST(COALESCE(COUNT(*), 0) AS BIGINT) AS gaps,
  CAST(COALESCE(SUM(gap), 0) AS BIGINT) AS total,
  CAST(COALESCE(CAST(SUM(CAST(gap AS INT128) * gap) AS INT128), CAST(0 AS INT128)) // CAST(4611686018427387904 AS INT128) AS BIGINT) AS squares_high,
  CAST(COALESCE(CAST(SUM(CAST(gap AS INT128) * gap) AS INT128), CAST(0 AS INT128)) % CAST(4611686018427387904 AS INT128) AS BIGINT) AS squares_low
FROM (
  SELECT
    m.account AS subject,
    (
      m.ts_us - (
        LAG(m.ts_us) OVER (PARTITION BY m.account ORDER BY m.ts_us)
      )
    ) // 1000 AS gap
  FROM measured AS m
) AS g
WHERE
  NOT gap IS NULL
GROUP BY
  subject;
-- account spectrum 1
SELECT
  subject AS subject,
  CAST(COALESCE(COUNT(*), 0) AS BIGINT) AS "distinct",
  CAST(COALESCE(SUM(n), 0) AS BIGINT) AS total,
  CAST(COALESCE(MAX(n), 0) AS BIGINT) AS top
FROM (
  SELECT
    subject AS subject,
    COUNT(*) AS n
  FROM (
    SELECT
      m.account AS subject,
      UNNEST(m.f5) AS element
    FROM measured AS m
    WHERE
      (
        NOT m.f5 IS NULL
      ) AND m.w0
  ) AS e
  GROUP BY
    subject,
    element
) AS v
GROUP BY
  subject;
-- account spectrum 2
SELECT
  subject AS subject,
  CAST(COALESCE(COUNT(*), 0) AS BIGINT) AS "distinct",
  CAST(COALESCE(SUM(n), 0) AS BIGINT) AS total,
  CAST(COALESCE(MAX(n), 0) AS BIGINT) AS top
FROM (
  SELECT
    m.account AS subject,
    COUNT(*) AS n
  FROM measured AS m
  WHERE
    (
      NOT m.f6 IS NULL
    ) AND m.w1
  GROUP BY
    m.account,
    m.f6
) AS v
GROUP BY
  subject;
-- campaign belonging
SELECT
  campaign AS subject,
  CAST(COALESCE(
    COUNT(DISTINCT organisation) + COUNT(CASE WHEN (
      organisation IS NULL
    ) AND settled THEN 1 END),
    0
  ) AS BIGINT) AS organisations,
  CAST(COALESCE(COUNT(CASE WHEN (
    organisation IS NULL
  ) AND (
    NOT settled
  ) THEN 1 END), 0) AS BIGINT) AS missing
FROM (
  SELECT DISTINCT
    c.campaign AS campaign,
    c.account AS account,
    COALESCE(e.organisation, a.organisation) AS organisation,
    a.settled OR COALESCE(k.settled, FALSE) AS settled
  FROM measured_members AS c
  JOIN measured_accounts AS a
    ON a.account = c.account
  LEFT JOIN (
    SELECT DISTINCT
      account AS account,
      organisation AS organisation
    FROM measured
    WHERE
      NOT organisation IS NULL
  ) AS e
    ON e.account = c.account
  LEFT JOIN (
    SELECT
      account AS account,
      BOOL_OR(CAST(settled AS BOOLEAN)) AS settled
    FROM measured
    GROUP BY
      account
  ) AS k
    ON k.account = c.account
) AS s
GROUP BY
  campaign;
-- campaign carrying 1
SELECT
  c.campaign AS subject,
  CAST(COALESCE(
    COUNT(
      CASE
        WHEN (
          a.certain >= 1
        )
        AND (
          (
            CAST(a.certain AS INT128) * CAST(2 AS INT128)
          ) >= (
            CAST(a.least_of AS INT128) * CAST(1 AS INT128)
          )
        )
        THEN 1
      END
    ),
    0
  ) AS BIGINT) AS certain,
  CAST(COALESCE(
    COUNT(
      CASE
        WHEN (
          a.possible >= 1
        )
        AND (
          (
            CAST(a.possible AS INT128) * CAST(2 AS INT128)
          ) >= (
            CAST(a.most_of AS INT128) * CAST(1 AS INT128)
          )
        )
        THEN 1
      END
    ),
    0
  ) AS BIGINT) AS possible
FROM measured_members AS c
JOIN (
  SELECT
    m.account AS account,
    CAST(COUNT(CASE WHEN m.w0 THEN 1 END) AS BIGINT) AS certain,
    CAST(COUNT(CASE WHEN m.w0 OR (
      NOT m.w0
    ) OR (
      m.w0 IS NULL
    ) THEN 1 END) AS BIGINT) AS least_of,
    CAST(COUNT(CASE WHEN COALESCE(m.w0, TRUE) THEN 1 END) AS BIGINT) AS possible,
    CAST(COUNT(CASE WHEN COALESCE(m.w0, TRUE) OR (
      NOT m.w0
    ) THEN 1 END) AS BIGINT) AS most_of
  FROM measured AS m
  WHERE
    (
      m.account IN (
        SELECT
          account
        FROM measured_members
      )
    )
  GROUP BY
    m.account
) AS a
  ON a.account = c.account
GROUP BY
  c.campaign;
-- campaign carrying 2
SELECT
  c.campaign AS subject,
  CAST(COALESCE(
    COUNT(
      CASE
        WHEN (
          a.certain >= 1
        )
        AND (
          (
            CAST(a.certain AS INT128) * CAST(10 AS INT128)
          ) >= (
            CAST(a.least_of AS INT128) * CAST(3 AS INT128)
          )
        )
        THEN 1
      END
    ),
    0
  ) AS BIGINT) AS certain,
  CAST(COALESCE(
    COUNT(
      CASE
        WHEN (
          a.possible >= 1
        )
        AND (
          (
            CAST(a.possible AS INT128) * CAST(10 AS INT128)
          ) >= (
            CAST(a.most_of AS INT128) * CAST(3 AS INT128)
          )
        )
        THEN 1
      END
    ),
    0
  ) AS BIGINT) AS possible
FROM measured_members AS c
JOIN (
  SELECT
    m.account AS account,
    CAST(COUNT(CASE WHEN m.w4 THEN 1 END) AS BIGINT) AS certain,
    CAST(COUNT(CASE WHEN m.w4 OR (
      NOT m.w4
    ) OR (
      m.w4 IS NULL
    ) THEN 1 END) AS BIGINT) AS least_of,
    CAST(COUNT(CASE WHEN COALESCE(m.w4, TRUE) THEN 1 END) AS BIGINT) AS possible,
    CAST(COUNT(CASE WHEN COALESCE(m.w4, TRUE) OR (
      NOT m.w4
    ) THEN 1 END) AS BIGINT) AS most_of
  FROM measured AS m
  WHERE
    (
      m.account IN (
        SELECT
          account
        FROM measured_members
      )
    )
  GROUP BY
    m.account
) AS a
  ON a.account = c.account
GROUP BY
  c.campaign;
-- campaign carrying 3
SELECT
  c.campaign AS subject,
  CAST(COALESCE(
    COUNT(
      CASE
        WHEN (
          a.certain >= 1
        )
        AND (
          (
            CAST(a.certain AS INT128) * CAST(2 AS INT128)
          ) >= (
            CAST(a.least_of AS INT128) * CAST(1 AS INT128)
          )
        )
        THEN 1
      END
    ),
    0
  ) AS BIGINT) AS certain,
  CAST(COALESCE(
    COUNT(
      CASE
        WHEN (
          a.possible >= 1
        )
        AND (
          (
            CAST(a.possible AS INT128) * CAST(2 AS INT128)
          ) >= (
            CAST(a.most_of AS INT128) * CAST(1 AS INT128)
          )
        )
        THEN 1
      END
    ),
    0
  ) AS BIGINT) AS possible
FROM measured_members AS c
JOIN (
  SELECT
    m.account AS account,
    CAST(COUNT(CASE WHEN m.w5 THEN 1 END) AS BIGINT) AS certain,
    CAST(COUNT(CASE WHEN m.w5 OR (
      NOT m.w5
    ) OR (
      m.w5 IS NULL
    ) THEN 1 END) AS BIGINT) AS least_of,
    CAST(COUNT(CASE WHEN COALESCE(m.w5, TRUE) THEN 1 END) AS BIGINT) AS possible,
    CAST(COUNT(CASE WHEN COALESCE(m.w5, TRUE) OR (
      NOT m.w5
    ) THEN 1 END) AS BIGINT) AS most_of
  FROM measured AS m
  WHERE
    (
      m.account IN (
        SELECT
          account
        FROM measured_members
      )
    )
  GROUP BY
    m.account
) AS a
  ON a.account = c.account
GROUP BY
  c.campaign;
-- campaign collisions 1
WITH carried AS (
  SELECT DISTINCT
    c.campaign AS subject,
    m.f7 AS template,
    m.account AS account,
    m.f6 AS prompt
  FROM measured AS m
  JOIN measured_members AS c
    ON c.account = m.account
  WHERE
    (
      NOT m.f6 IS NULL
    ) AND (
      NOT m.f7 IS NULL
    )
)
SELECT
  a.subject AS subject,
  CAST(COALESCE(h.prompts, 0) AS BIGINT) AS prompts,
  CAST(COALESCE(SUM(a.pairs), 0) AS BIGINT) AS pairs,
  CAST(COALESCE(SUM(h.observed), 0) AS BIGINT) AS observed
FROM (
  SELECT
    subject AS subject,
    template AS template,
    CAST((
      SUM(n) * SUM(n)
    ) - SUM(n * n) AS BIGINT) AS pairs
  FROM (
    SELECT
      subject AS subject,
      template AS template,
      account AS account,
      CAST(COUNT(*) AS BIGINT) AS n
    FROM carried
    GROUP BY
      subject,
      template,
      account
  ) AS b
  GROUP BY
    subject,
    template
  HAVING
    COUNT(*) >= 2
) AS a
JOIN (
  SELECT
    subject AS subject,
    template AS template,
    CAST(COUNT(*) AS BIGINT) AS prompts,
    CAST(SUM((
      k * (
        k - 1
      )
    ) // 2) AS BIGINT) AS observed
  FROM (
    SELECT
      subject AS subject,
      template AS template,
      prompt AS prompt,
      CAST(COUNT(*) AS BIGINT) AS k
    FROM carried
    GROUP BY
      subject,
      template,
      prompt
  ) AS b
  GROUP BY
    subject,
    template
) AS h
  ON a.subject = h.subject AND a.template = h.template
GROUP BY
  a.subject,
  h.prompts;
-- campaign collisions 2
WITH carried AS (
  SELECT DISTINCT
    c.campaign AS subject,
    m.f7 AS template,
    m.account AS account,
    m.f6 AS prompt
  FROM measured AS m
  JOIN measured_members AS c
    ON c.account = m.account
  WHERE
    (
      NOT m.f6 IS NULL
    ) AND (
      NOT m.f7 IS NULL
    ) AND m.w4
)
SELECT
  a.subject AS subject,
  CAST(COALESCE(h.prompts, 0) AS BIGINT) AS prompts,
  CAST(COALESCE(SUM(a.pairs), 0) AS BIGINT) AS pairs,
  CAST(COALESCE(SUM(h.observed), 0) AS BIGINT) AS observed
FROM (
  SELECT
    subject AS subject,
    template AS template,
    CAST((
      SUM(n) * SUM(n)
    ) - SUM(n * n) AS BIGINT) AS pairs
  FROM (
    SELECT
      subject AS subject,
      template AS template,
      account AS account,
      CAST(COUNT(*) AS BIGINT) AS n
    FROM carried
    GROUP BY
      subject,
      template,
      account
  ) AS b
  GROUP BY
    subject,
    template
  HAVING
    COUNT(*) >= 2
) AS a
JOIN (
  SELECT
    subject AS subject,
    template AS template,
    CAST(COUNT(*) AS BIGINT) AS prompts,
    CAST(SUM((
      k * (
        k - 1
      )
    ) // 2) AS BIGINT) AS observed
  FROM (
    SELECT
      subject AS subject,
      template AS template,
      prompt AS prompt,
      CAST(COUNT(*) AS BIGINT) AS k
    FROM carried
    GROUP BY
      subject,
      template,
      prompt
  ) AS b
  GROUP BY
    subject,
    template
) AS h
  ON a.subject = h.subject AND a.template = h.template
GROUP BY
  a.subject,
  h.prompts;
-- campaign crowding
SELECT
  c.campaign AS subject,
  CAST(COALESCE(COUNT(*), 0) AS BIGINT) AS members,
  CAST(COALESCE(COUNT(CASE WHEN COALESCE(v.different, 0) >= 8 THEN 1 END), 0) AS BIGINT) AS certain,
  CAST(COALESCE(
    COUNT(
      CASE WHEN (
        COALESCE(v.different, 0) + COALESCE(u.missing, 0)
      ) >= 8 THEN 1 END
    ),
    0
  ) AS BIGINT) AS possible
FROM measured_members AS c
LEFT JOIN (
  SELECT
    account AS account,
    COUNT(DISTINCT value) AS different
  FROM (
    SELECT
      m.account AS account,
      m.f9 AS value
    FROM measured AS m
    WHERE
      (
        m.account IN (
          SELECT
            account
          FROM measured_members
        )
      )
      AND (
        NOT m.f9 IS NULL
      )
  ) AS h
  GROUP BY
    account
) AS v
  ON v.account = c.account
LEFT JOIN (
  SELECT
    m.account AS account,
    COUNT(*) AS missing
  FROM measured AS m
  WHERE
    (
      m.account IN (
        SELECT
          account
        FROM measured_members
      )
    )
    AND (
      m.f9 IS NULL
    )
  GROUP BY
    m.account
) AS u
  ON u.account = c.account
GROUP BY
  c.campaign;
-- campaign roll
SELECT
  campaign AS subject,
  CAST(COALESCE(SUM(carriers), 0) AS BIGINT) AS members,
  CAST(COALESCE(
    COUNT(
      DISTINCT CASE
        WHEN (
          NOT payment_id IS NULL
        )
        AND (
          (
            named = carriers
          ) AND (
            least = most
          )
        )
        THEN least
      END
    ) + COUNT(
      CASE
        WHEN (
          NOT payment_id IS NULL
        )
        AND (
          NOT (
            (
              named = carriers
            ) AND (
              least = most
            )
          )
        )
        THEN 1
      END
    ),
    0
  ) AS BIGINT) AS payers,
  CAST(COALESCE(SUM(CASE WHEN payment_id IS NULL THEN carriers ELSE 0 END), 0) AS BIGINT) AS payers_missing
FROM (
  SELECT
    c.campaign AS campaign,
    a.payment_id AS payment_id,
    COUNT(*) AS carriers,
    COUNT(a.org_id) AS named,
    MIN(a.org_id) AS least,
    MAX(a.org_id) AS most
  FROM measured_members AS c
  JOIN measured_accounts AS a
    ON a.account = c.account
  GROUP BY
    c.campaign,
    a.payment_id
) AS f
GROUP BY
  campaign;
-- campaign sharing 1
SELECT
  c.campaign AS subject,
  CAST(COALESCE(COUNT(*), 0) AS BIGINT) AS members,
  CAST(COALESCE(COUNT(CASE WHEN (
    NOT v.degree IS NULL
  ) AND (
    v.degree > 1
  ) THEN 1 END), 0) AS BIGINT) AS sharing,
  CAST(COALESCE(
    COUNT(
      CASE
        WHEN (
          NOT u.missing IS NULL
        ) AND (
          v.degree IS NULL OR v.degree = 1
        )
        THEN 1
      END
    ),
    0
  ) AS BIGINT) AS open,
  CAST(COALESCE(COUNT(CASE WHEN (
    v.degree = 1
  ) AND (
    u.missing IS NULL
  ) THEN 1 END), 0) AS BIGINT) AS lone,
  CAST(COALESCE(SUM(u.missing), 0) AS BIGINT) AS unknown
FROM measured_members AS c
LEFT JOIN (
  WITH held AS (
    SELECT DISTINCT
      c.campaign AS campaign,
      c.account AS account,
      m.f0 AS value
    FROM measured_accounts AS m
    JOIN measured_members AS c
      ON c.account = m.account
    WHERE
      (
        NOT m.f0 IS NULL
      )
  )
  SELECT
    h.campaign AS campaign,
    h.account AS account,
    MAX(d.degree) AS degree
  FROM held AS h
  JOIN (
    SELECT
      campaign AS campaign,
      value AS value,
      COUNT(*) AS degree
    FROM held
    GROUP BY
      campaign,
      value
  ) AS d
    ON d.campaign = h.campaign AND d.value = h.value
  GROUP BY
    h.campaign,
    h.account
) AS v
  ON v.campaign = c.campaign AND v.account = c.account
LEFT JOIN (
  SELECT
    m.account AS account,
    COUNT(*) AS missing
  FROM measured_accounts AS m
  WHERE
    (
      m.f0 IS NULL
    )
  GROUP BY
    m.account
) AS u
  ON u.account = c.account
GROUP BY
  c.campaign;
-- campaign sharing 2
SELECT
  c.campaign AS subject,
  CAST(COALESCE(COUNT(*), 0) AS BIGINT) AS members,
  CAST(COALESCE(COUNT(CASE WHEN (
    NOT v.degree IS NULL
  ) AND (
    v.degree > 1
  ) THEN 1 END), 0) AS BIGINT) AS sharing,
  CAST(COALESCE(
    COUNT(
      CASE
        WHEN (
          NOT u.missing IS NULL
        ) AND (
          v.degree IS NULL OR v.degree = 1
        )
        THEN 1
      END
    ),
    0
  ) AS BIGINT) AS open,
  CAST(COALESCE(COUNT(CASE WHEN (
    v.degree = 1
  ) AND (
    u.missing IS NULL
  ) THEN 1 END), 0) AS BIGINT) AS lone,
  CAST(COALESCE(SUM(u.missing), 0) AS BIGINT) AS unknown
FROM measured_members AS c
LEFT JOIN (
  WITH held AS (
    SELECT DISTINCT
      c.campaign AS campaign,
      c.account AS account,
      m.f1 AS value
    FROM measured_accounts AS m
    JOIN measured_members AS c
      ON c.account = m.account
    WHERE
      (
        NOT m.f1 IS NULL
      )
  )
  SELECT
    h.campaign AS campaign,
    h.account AS account,
    MAX(d.degree) AS degree
  FROM held AS h
  JOIN (
    SELECT
      campaign AS campaign,
      value AS value,
      COUNT(*) AS degree
    FROM held
    GROUP BY
      campaign,
      value
  ) AS d
    ON d.campaign = h.campaign AND d.value = h.value
  GROUP BY
    h.campaign,
    h.account
) AS v
  ON v.campaign = c.campaign AND v.account = c.account
LEFT JOIN (
  SELECT
    m.account AS account,
    COUNT(*) AS missing
  FROM measured_accounts AS m
  WHERE
    (
      m.f1 IS NULL
    )
  GROUP BY
    m.account
) AS u
  ON u.account = c.account
GROUP BY
  c.campaign;
-- campaign sharing 3
SELECT
  c.campaign AS subject,
  CAST(COALESCE(COUNT(*), 0) AS BIGINT) AS members,
  CAST(COALESCE(COUNT(CASE WHEN (
    NOT v.degree IS NULL
  ) AND (
    v.degree > 1
  ) THEN 1 END), 0) AS BIGINT) AS sharing,
  CAST(COALESCE(
    COUNT(
      CASE
        WHEN (
          NOT u.missing IS NULL
        ) AND (
          v.degree IS NULL OR v.degree = 1
        )
        THEN 1
      END
    ),
    0
  ) AS BIGINT) AS open,
  CAST(COALESCE(COUNT(CASE WHEN (
    v.degree = 1
  ) AND (
    u.missing IS NULL
  ) THEN 1 END), 0) AS BIGINT) AS lone,
  CAST(COALESCE(SUM(u.missing), 0) AS BIGINT) AS unknown
FROM measured_members AS c
LEFT JOIN (
  WITH held AS (
    SELECT DISTINCT
      c.campaign AS campaign,
      c.account AS account,
      m.f3 AS value
    FROM measured AS m
    JOIN measured_members AS c
      ON c.account = m.account
    WHERE
      (
        NOT m.f3 IS NULL
      )
  )
  SELECT
    h.campaign AS campaign,
    h.account AS account,
    MAX(d.degree) AS degree
  FROM held AS h
  JOIN (
    SELECT
      campaign AS campaign,
      value AS value,
      COUNT(*) AS degree
    FROM held
    GROUP BY
      campaign,
      value
  ) AS d
    ON d.campaign = h.campaign AND d.value = h.value
  GROUP BY
    h.campaign,
    h.account
) AS v
  ON v.campaign = c.campaign AND v.account = c.account
LEFT JOIN (
  SELECT
    m.account AS account,
    COUNT(*) AS missing
  FROM measured AS m
  WHERE
    (
      m.f3 IS NULL
    )
  GROUP BY
    m.account
) AS u
  ON u.account = c.account
GROUP BY
  c.campaign;
-- campaign sharing 4
SELECT
  c.campaign AS subject,
  CAST(COALESCE(COUNT(*), 0) AS BIGINT) AS members,
  CAST(COALESCE(COUNT(CASE WHEN (
    NOT v.degree IS NULL
  ) AND (
    v.degree > 1
  ) THEN 1 END), 0) AS BIGINT) AS sharing,
  CAST(COALESCE(
    COUNT(
      CASE
        WHEN (
          NOT u.missing IS NULL
        ) AND (
          v.degree IS NULL OR v.degree = 1
        )
        THEN 1
      END
    ),
    0
  ) AS BIGINT) AS open,
  CAST(COALESCE(COUNT(CASE WHEN (
    v.degree = 1
  ) AND (
    u.missing IS NULL
  ) THEN 1 END), 0) AS BIGINT) AS lone,
  CAST(COALESCE(SUM(u.missing), 0) AS BIGINT) AS unknown
FROM measured_members AS c
LEFT JOIN (
  WITH held AS (
    SELECT DISTINCT
      c.campaign AS campaign,
      c.account AS account,
      m.f4 AS value
    FROM measured AS m
    JOIN measured_members AS c
      ON c.account = m.account
    WHERE
      (
        NOT m.f4 IS NULL
      )
  )
  SELECT
    h.campaign AS campaign,
    h.account AS account,
    MAX(d.degree) AS degree
  FROM held AS h
  JOIN (
    SELECT
      campaign AS campaign,
      value AS value,
      COUNT(*) AS degree
    FROM held
    GROUP BY
      campaign,
      value
  ) AS d
    ON d.campaign = h.campaign AND d.value = h.value
  GROUP BY
    h.campaign,
    h.account
) AS v
  ON v.campaign = c.campaign AND v.account = c.account
LEFT JOIN (
  SELECT
    m.account AS account,
    COUNT(*) AS missing
  FROM measured AS m
  WHERE
    (
      m.f4 IS NULL
    )
  GROUP BY
    m.account
) AS u
  ON u.account = c.account
GROUP BY
  c.campaign;
-- campaign sharing 5
SELECT
  c.campaign AS subject,
  CAST(COALESCE(COUNT(*), 0) AS BIGINT) AS members,
  CAST(COALESCE(
    COUNT(
      CASE
        WHEN (
          (
            NOT v.degree IS NULL
          ) AND (
            v.degree > 1
          )
        )
        AND (
          (
            CAST(v.common AS INT128) * CAST(5 AS INT128)
          ) >= (
            CAST(v.every + COALESCE(u.missing, 0) AS INT128) * CAST(1 AS INT128)
          )
        )
        THEN 1
      END
    ),
    0
  ) AS BIGINT) AS sharing,
  CAST(COALESCE(
    COUNT(
      CASE
        WHEN (
          NOT u.missing IS NULL
        )
        AND (
          v.degree IS NULL
          OR (
            NOT v.degree IS NULL
          )
          AND (
            NOT (
              (
                (
                  NOT v.degree IS NULL
                ) AND (
                  v.degree > 1
                )
              )
              AND (
                (
                  CAST(v.common AS INT128) * CAST(5 AS INT128)
                ) >= (
                  CAST(v.every + COALESCE(u.missing, 0) AS INT128) * CAST(1 AS INT128)
                )
              )
            )
          )
        )
        THEN 1
      END
    ),
    0
  ) AS BIGINT) AS open,
  CAST(COALESCE(
    COUNT(
      CASE
        WHEN (
          (
            NOT v.degree IS NULL
          )
          AND (
            NOT (
              (
                (
                  NOT v.degree IS NULL
                ) AND (
                  v.degree > 1
                )
              )
              AND (
                (
                  CAST(v.common AS INT128) * CAST(5 AS INT128)
                ) >= (
                  CAST(v.every + COALESCE(u.missing, 0) AS INT128) * CAST(1 AS INT128)
                )
              )
            )
          )
        )
        AND (
          u.missing IS NULL
        )
        THEN 1
      END
    ),
    0
  ) AS BIGINT) AS lone,
  CAST(COALESCE(SUM(u.missing), 0) AS BIGINT) AS unknown
FROM measured_members AS c
LEFT JOIN (
  SELECT
    campaign AS campaign,
    account AS account,
    MAX(degree) AS degree,
    CAST(SUM(CASE WHEN degree > 1 THEN n ELSE 0 END) AS BIGINT) AS common,
    CAST(SUM(n) AS BIGINT) AS every
  FROM (
    SELECT
      campaign AS campaign,
      account AS account,
      n AS n,
      COUNT(*) OVER (PARTITION BY campaign, value) AS degree
    FROM (
      SELECT
        campaign AS campaign,
        account AS account,
        value AS value,
        COUNT(*) AS n
      FROM (
        SELECT
          c.campaign AS campaign,
          c.account AS account,
          m.f6 AS value
        FROM measured AS m
        JOIN measured_members AS c
          ON c.account = m.account
        WHERE
          (
            NOT m.f6 IS NULL
          ) AND m.w4
      ) AS r
      GROUP BY
        campaign,
        account,
        value
    ) AS h
  ) AS d
  GROUP BY
    campaign,
    account
) AS v
  ON v.campaign = c.campaign AND v.account = c.account
LEFT JOIN (
  SELECT
    m.account AS account,
    COUNT(*) AS missing
  FROM measured AS m
  WHERE
    (
      (
        m.f6 IS NULL
      ) AND m.w4
    ) OR (
      m.w4 IS NULL
    )
  GROUP BY
    m.account
) AS u
  ON u.account = c.account
GROUP BY
  c.campaign;
-- campaign sharing 6
SELECT
  c.campaign AS subject,
  CAST(COALESCE(COUNT(*), 0) AS BIGINT) AS members,
  CAST(COALESCE(
    COUNT(
      CASE
        WHEN (
          (
            NOT v.degree IS NULL
          ) AND (
            v.degree > 1
          )
        )
        AND (
          (
            CAST(v.common AS INT128) * CAST(5 AS INT128)
          ) >= (
            CAST(v.every + COALESCE(u.missing, 0) AS INT128) * CAST(1 AS INT128)
          )
        )
        THEN 1
      END
    ),
    0
  ) AS BIGINT) AS sharing,
  CAST(COALESCE(
    COUNT(
      CASE
        WHEN (
          NOT u.missing IS NULL
        )
        AND (
          v.degree IS NULL
          OR (
            NOT v.degree IS NULL
          )
          AND (
            NOT (
              (
                (
                  NOT v.degree IS NULL
                ) AND (
                  v.degree > 1
                )
              )
              AND (
                (
                  CAST(v.common AS INT128) * CAST(5 AS INT128)
                ) >= (
                  CAST(v.every + COALESCE(u.missing, 0) AS INT128) * CAST(1 AS INT128)
                )
              )
            )
          )
        )
        THEN 1
      END
    ),
    0
  ) AS BIGINT) AS open,
  CAST(COALESCE(
    COUNT(
      CASE
        WHEN (
          (
            NOT v.degree IS NULL
          )
          AND (
            NOT (
              (
                (
                  NOT v.degree IS NULL
                ) AND (
                  v.degree > 1
                )
              )
              AND (
                (
                  CAST(v.common AS INT128) * CAST(5 AS INT128)
                ) >= (
                  CAST(v.every + COALESCE(u.missing, 0) AS INT128) * CAST(1 AS INT128)
                )
              )
            )
          )
        )
        AND (
          u.missing IS NULL
        )
        THEN 1
      END
    ),
    0
  ) AS BIGINT) AS lone,
  CAST(COALESCE(SUM(u.missing), 0) AS BIGINT) AS unknown
FROM measured_members AS c
LEFT JOIN (
  SELECT
    campaign AS campaign,
    account AS account,
    MAX(degree) AS degree,
    CAST(SUM(CASE WHEN degree > 1 THEN n ELSE 0 END) AS BIGINT) AS common,
    CAST(SUM(n) AS BIGINT) AS every
  FROM (
    SELECT
      campaign AS campaign,
      account AS account,
      n AS n,
      COUNT(*) OVER (PARTITION BY campaign, value) AS degree
    FROM (
      SELECT
        campaign AS campaign,
        account AS account,
        value AS value,
        COUNT(*) AS n
      FROM (
        SELECT
          c.campaign AS campaign,
          c.account AS account,
          m.f6 AS value
        FROM measured AS m
        JOIN measured_members AS c
          ON c.account = m.account
        WHERE
          (
            NOT m.f6 IS NULL
          )
      ) AS r
      GROUP BY
        campaign,
        account,
        value
    ) AS h
  ) AS d
  GROUP BY
    campaign,
    account
) AS v
  ON v.campaign = c.campaign AND v.account = c.account
LEFT JOIN (
  SELECT
    m.account AS account,
    COUNT(*) AS missing
  FROM measured AS m
  WHERE
    (
      m.f6 IS NULL
    )
  GROUP BY
    m.account
) AS u
  ON u.account = c.account
GROUP BY
  c.campaign;
-- campaign spectrum 1
SELECT
  subject AS subject,
  CAST(COALESCE(n, 0) AS BIGINT) AS n,
  CAST(COALESCE(COUNT(*), 0) AS BIGINT) AS many
FROM (
  SELECT
    c.campaign AS subject,
    COUNT(*) AS n
  FROM measured AS m
  JOIN measured_members AS c
    ON c.account = m.account
  GROUP BY
    c.campaign,
    m.f2
) AS v
GROUP BY
  subject,
  n;
-- campaign spectrum 2
SELECT
  subject AS subject,
  CAST(COALESCE(COUNT(*), 0) AS BIGINT) AS "distinct",
  CAST(COALESCE(SUM(n), 0) AS BIGINT) AS total,
  CAST(COALESCE(MAX(n), 0) AS BIGINT) AS top
FROM (
  SELECT
    c.campaign AS subject,
    COUNT(*) AS n
  FROM measured AS m
  JOIN measured_members AS c
    ON c.account = m.account
  WHERE
    (
      NOT m.f4 IS NULL
    )
  GROUP BY
    c.campaign,
    m.f4
) AS v
GROUP BY
  subject;
-- campaign spectrum 3
SELECT
  subject AS subject,
  CAST(COALESCE(COUNT(*), 0) AS BIGINT) AS "distinct",
  CAST(COALESCE(SUM(n), 0) AS BIGINT) AS total,
  CAST(COALESCE(MAX(n), 0) AS BIGINT) AS top
FROM (
  SELECT
    subject AS subject,
    COUNT(*) AS n
  FROM (
    SELECT
      c.campaign AS subject,
      UNNEST(m.f5) AS element
    FROM measured AS m
    JOIN measured_members AS c
      ON c.account = m.account
    WHERE
      (
        NOT m.f5 IS NULL
      ) AND m.w0
  ) AS e
  GROUP BY
    subject,
    element
) AS v
GROUP BY
  subject;
-- campaign spectrum 4
SELECT
  subject AS subject,
  CAST(COALESCE(COUNT(*), 0) AS BIGINT) AS "distinct",
  CAST(COALESCE(SUM(n), 0) AS BIGINT) AS total,
  CAST(COALESCE(MAX(n), 0) AS BIGINT) AS top
FROM (
  SELECT
    c.campaign AS subject,
    COUNT(*) AS n
  FROM measured AS m
  JOIN measured_members AS c
    ON c.account = m.account
  WHERE
    (
      NOT m.f7 IS NULL
    )
  GROUP BY
    c.campaign,
    m.f7
) AS v
GROUP BY
  subject;
-- campaign spectrum 5
SELECT
  subject AS subject,
  CAST(COALESCE(COUNT(*), 0) AS BIGINT) AS "distinct",
  CAST(COALESCE(SUM(n), 0) AS BIGINT) AS total,
  CAST(COALESCE(MAX(n), 0) AS BIGINT) AS top
FROM (
  SELECT
    c.campaign AS subject,
    COUNT(*) AS n
  FROM measured AS m
  JOIN measured_members AS c
    ON c.account = m.account
  WHERE
    (
      NOT m.f8 IS NULL
    )
  GROUP BY
    c.campaign,
    m.f8
) AS v
GROUP BY
  subject;
-- campaign spectrum 6
SELECT
  subject AS subject,
  CAST(COALESCE(COUNT(*), 0) AS BIGINT) AS "distinct",
  CAST(COALESCE(SUM(n), 0) AS BIGINT) AS total,
  CAST(COALESCE(MAX(n), 0) AS BIGINT) AS top
FROM (
  SELECT
    c.campaign AS subject,
    COUNT(*) AS n
  FROM measured AS m
  JOIN measured_members AS c
    ON c.account = m.account
  WHERE
    (
      NOT m.f9 IS NULL
    )
  GROUP BY
    c.campaign,
    m.f9
) AS v
GROUP BY
  subject;
