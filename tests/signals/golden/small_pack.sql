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
      ts_us BETWEEN 1776112000000000 AND 1780000000000000
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
  a.created_us AS created_us,
  a.f0 AS f0,
  a.t3 AS t3,
  a.t4 AS t4,
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
        ts_us BETWEEN 1776112000000000 AND 1780000000000000
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
    created_us AS created_us,
    device_id AS f0,
    (
      COALESCE(supplied, 0) & 1
    ) <> 0 AS settled,
    folded_plan IN ('free') AS t3,
    CASE
      WHEN (
        COALESCE(supplied, 0) & 2
      ) <> 0
      THEN COALESCE(LIST_HAS_ANY(folded_approvals, ['research']), FALSE)
    END AS t4
  FROM (
    SELECT
      account_id AS account_id,
      approvals AS approvals,
      created_us AS created_us,
      device_id AS device_id,
      org_id AS org_id,
      payment_id AS payment_id,
      plan AS plan,
      supplied AS supplied,
      LIST_TRANSFORM(approvals, LAMBDA element : FOLDED(element)) AS folded_approvals,
      FOLDED(plan) AS folded_plan
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
  e.f1 AS f1,
  e.f1_known AS f1_known,
  e.f2 AS f2,
  e.f3 AS f3,
  e.f3_known AS f3_known,
  e.f4 AS f4,
  e.f4_known AS f4_known,
  CASE
    WHEN COALESCE(e.t0, FALSE) OR COALESCE(e.t1, FALSE)
    THEN TRUE
    WHEN (
      NOT e.t0 IS NULL
    ) OR (
      NOT e.t1 IS NULL
    )
    THEN FALSE
  END AS w0,
  CASE
    WHEN NOT COALESCE(e.t2, TRUE)
    THEN TRUE
    WHEN COALESCE(e.t2, FALSE) OR (
      NOT COALESCE(e.t2, TRUE)
    )
    THEN FALSE
  END AS w1,
  CASE WHEN COALESCE(a.t3, FALSE) THEN TRUE WHEN NOT a.t3 IS NULL THEN FALSE END AS w3,
  CASE
    WHEN COALESCE((
      e.ts_us BETWEEN a.created_us AND a.created_us + 604800000000
    ), FALSE)
    THEN TRUE
    WHEN (
      NOT (
        e.ts_us BETWEEN a.created_us AND a.created_us + 604800000000
      ) IS NULL
    )
    OR (
      NOT COALESCE((
        e.ts_us BETWEEN a.created_us AND a.created_us + 604800000000
      ), TRUE)
    )
    THEN FALSE
  END AS w4,
  CASE
    WHEN (
      COALESCE(e.t0, FALSE) OR COALESCE(e.t1, FALSE)
    ) AND COALESCE(a.t3, FALSE)
    THEN TRUE
    WHEN (
      (
        (
          NOT e.t0 IS NULL
        ) OR (
          NOT e.t1 IS NULL
        )
      )
      AND (
        NOT a.t3 IS NULL
      )
    )
    OR (
      (
        (
          NOT COALESCE(e.t0, TRUE)
        ) AND (
          NOT COALESCE(e.t1, TRUE)
        )
      )
      OR (
        NOT COALESCE(a.t3, TRUE)
      )
    )
    THEN FALSE
  END AS w5,
  CASE
    WHEN (
      COALESCE(e.t0, FALSE) OR COALESCE(e.t1, FALSE)
    )
    AND COALESCE((
      e.ts_us BETWEEN r.released_us AND r.released_us + 86400000000
    ), FALSE)
    THEN TRUE
    WHEN (
      (
        (
          NOT e.t0 IS NULL
        ) OR (
          NOT e.t1 IS NULL
        )
      )
      AND (
        NOT (
          e.ts_us BETWEEN r.released_us AND r.released_us + 86400000000
        ) IS NULL
      )
    )
    OR (
      (
        (
          NOT COALESCE(e.t0, TRUE)
        ) AND (
          NOT COALESCE(e.t1, TRUE)
        )
      )
      OR (
        NOT COALESCE((
          e.ts_us BETWEEN r.released_us AND r.released_us + 86400000000
        ), TRUE)
      )
    )
    THEN FALSE
  END AS w6,
  CASE WHEN COALESCE(e.t5, FALSE) THEN TRUE WHEN NOT e.t5 IS NULL THEN FALSE END AS w7,
  COALESCE(o.organisation, a.organisation) AS organisation,
  e.settled AS settled
FROM (
  SELECT
    account_id AS account_id,
    ts_us AS ts_us,
    org_id AS org_id,
    model AS model,
    CASE
      WHEN (
        COALESCE(supplied, 0) & 128
      ) <> 0
      THEN NULLIF(LIST_FILTER(logit_bias_ids, LAMBDA element : NOT element IS NULL), [])
    END AS f1,
    (
      COALESCE(supplied, 0) & 128
    ) <> 0 AS f1_known,
    prompt_hash AS f2,
    CASE WHEN NOT prompt_shape IS NULL THEN NULLIF(prompt_shape, '') END AS f3,
    NOT prompt_shape IS NULL AS f3_known,
    CASE WHEN (
      COALESCE(supplied, 0) & 4
    ) <> 0 THEN temperature END AS f4,
    (
      COALESCE(supplied, 0) & 4
    ) <> 0 AS f4_known,
    (
      COALESCE(supplied, 0) & 1
    ) <> 0 AS settled,
    CASE
      WHEN hit_folded_prompt
      THEN REGEXP_MATCHES(folded_prompt, 'step\ by\ step|show\ all\ reasoning')
      WHEN NOT hit_folded_prompt IS NULL
      THEN FALSE
    END AS t0,
    CASE
      WHEN (
        COALESCE(supplied, 0) & 1024
      ) <> 0
      THEN COALESCE(LIST_HAS_ANY(folded_labels, ['reasoning_elicitation']), FALSE)
    END AS t1,
    CASE
      WHEN hit_folded_prompt
      THEN CONTAINS(folded_prompt, 'ignore the above')
      WHEN NOT hit_folded_prompt IS NULL
      THEN FALSE
    END AS t2,
    (
      ip_number BETWEEN CAST('281473902969344' AS UINT128) AND CAST('281473902969599' AS UINT128)
    )
    OR (
      ip_number BETWEEN CAST('42540766411282592856903984951653826560' AS UINT128) AND CAST('42540766490510755371168322545197776895' AS UINT128)
    ) AS t5
  FROM (
    SELECT
      account_id AS account_id,
      ip AS ip,
      ip_number AS ip_number,
      labels AS labels,
      logit_bias_ids AS logit_bias_ids,
      model AS model,
      org_id AS org_id,
      prompt AS prompt,
      prompt_hash AS prompt_hash,
      prompt_shape AS prompt_shape,
      supplied AS supplied,
      temperature AS temperature,
      ts_us AS ts_us,
      folded_labels AS folded_labels,
      folded_prompt AS folded_prompt,
      REGEXP_MATCHES(folded_prompt, 'step\ by\ step|show\ all\ reasoning|ignore\ the\ above') AS hit_folded_prompt
    FROM (
      SELECT
        account_id AS account_id,
        ip AS ip,
        ip_number AS ip_number,
        labels AS labels,
        logit_bias_ids AS logit_bias_ids,
        model AS model,
        org_id AS org_id,
        prompt AS prompt,
        prompt_hash AS prompt_hash,
        prompt_shape AS prompt_shape,
        supplied AS supplied,
        temperature AS temperature,
        ts_us AS ts_us,
        LIST_TRANSFORM(labels, LAMBDA element : FOLDED(element)) AS folded_labels,
        FOLDED(prompt) AS folded_prompt
      FROM (
        SELECT
          account_id AS account_id,
          ip AS ip,
          ip_number AS ip_number,
          labels AS labels,
          logit_bias_ids AS logit_bias_ids,
          model AS model,
          org_id AS org_id,
          prompt AS prompt,
          CASE WHEN member THEN prompt_hash END AS prompt_hash,
          prompt_shape AS prompt_shape,
          supplied AS supplied,
          temperature AS temperature,
          ts_us AS ts_us
        FROM (
          SELECT
            account_id AS account_id,
            ip AS ip,
            ip_number AS ip_number,
            labels AS labels,
            logit_bias_ids AS logit_bias_ids,
            model AS model,
            org_id AS org_id,
            prompt AS prompt,
            prompt_hash AS prompt_hash,
            prompt_shape AS prompt_shape,
            supplied AS supplied,
            temperature AS temperature,
            ts_us AS ts_us,
            account_id IN (
              SELECT
                members.account_id AS account_id
              FROM members
            ) AS member
          FROM events
          WHERE
            ts_us BETWEEN 1776112000000000 AND 1780000000000000
        ) AS k
      ) AS b
    ) AS p
  ) AS p
) AS e
JOIN measured_accounts AS a
  ON a.account_id = e.account_id
LEFT JOIN models AS r
  ON r.model = e.model
LEFT JOIN measured_organisations AS o
  ON o.org_id = e.org_id;

-- account totals
SELECT
  m.account AS subject,
  CAST(COALESCE(COUNT(CASE WHEN (
    NOT m.f4_known
  ) AND COALESCE(m.w3, TRUE) THEN 1 END), 0) AS BIGINT) AS c0,
  CAST(COALESCE(COUNT(CASE WHEN (
    NOT m.f4 IS NULL
  ) AND m.w3 THEN 1 END), 0) AS BIGINT) AS c1,
  CAST(COALESCE(COUNT(CASE WHEN (
    NOT m.f4 IS NULL
  ) AND (
    m.w3 IS NULL
  ) THEN 1 END), 0) AS BIGINT) AS c2,
  CAST(COALESCE(COUNT(CASE WHEN m.w0 AND m.w4 THEN 1 END), 0) AS BIGINT) AS c3,
  CAST(COALESCE(COUNT(CASE WHEN m.w0 AND (
    m.w4 IS NULL
  ) THEN 1 END), 0) AS BIGINT) AS c4,
  CAST(COALESCE(COUNT(CASE WHEN (
    NOT m.w0
  ) AND m.w4 THEN 1 END), 0) AS BIGINT) AS c5,
  CAST(COALESCE(COUNT(CASE WHEN (
    NOT m.w0
  ) AND (
    m.w4 IS NULL
  ) THEN 1 END), 0) AS BIGINT) AS c6,
  CAST(COALESCE(COUNT(CASE WHEN (
    m.w0 IS NULL
  ) AND m.w4 THEN 1 END), 0) AS BIGINT) AS c7,
  CAST(COALESCE(COUNT(CASE WHEN (
    m.w0 IS NULL
  ) AND (
    m.w4 IS NULL
  ) THEN 1 END), 0) AS BIGINT) AS c8,
  CAST(COALESCE(COUNT(CASE WHEN (
    m.w5 IS NULL
  ) THEN 1 END), 0) AS BIGINT) AS c9,
  CAST(COALESCE(
    CAST(SUM(CASE WHEN (
      NOT m.f4 IS NULL
    ) AND m.w3 THEN m.f4 END) AS INT128),
    CAST(0 AS INT128)
  ) // CAST(4611686018427387904 AS INT128) AS BIGINT) AS c10_high,
  CAST(COALESCE(
    CAST(SUM(CASE WHEN (
      NOT m.f4 IS NULL
    ) AND m.w3 THEN m.f4 END) AS INT128),
    CAST(0 AS INT128)
  ) % CAST(4611686018427387904 AS INT128) AS BIGINT) AS c10_low,
  CAST(COALESCE(COUNT(CASE WHEN (
    m.ts_us >= 1779395200000000
  ) AND m.f3_known THEN 1 END), 0) AS BIGINT) AS c11,
  CAST(COALESCE(
    COUNT(CASE WHEN (
      m.ts_us >= 1779395200000000
    ) AND (
      NOT m.f3_known
    ) THEN 1 END),
    0
  ) AS BIGINT) AS c12,
  CAST(COALESCE(COUNT(CASE WHEN (
    m.ts_us >= 1779395200000000
  ) AND m.w0 THEN 1 END), 0) AS BIGINT) AS c13,
  CAST(COALESCE(COUNT(CASE WHEN (
    m.ts_us >= 1779395200000000
  ) AND m.w0 AND m.w1 THEN 1 END), 0) AS BIGINT) AS c14,
  CAST(COALESCE(
    COUNT(
      CASE
        WHEN (
          m.ts_us >= 1779395200000000
        ) AND m.w0 AND (
          m.w1 IS NULL
        )
        THEN 1
      END
    ),
    0
  ) AS BIGINT) AS c15,
  CAST(COALESCE(
    COUNT(
      CASE WHEN (
        m.ts_us >= 1779395200000000
      ) AND (
        NOT m.w0
      ) AND m.w1 THEN 1 END
    ),
    0
  ) AS BIGINT) AS c16,
  CAST(COALESCE(
    COUNT(
      CASE
        WHEN (
          m.ts_us >= 1779395200000000
        ) AND (
          NOT m.w0
        ) AND (
          m.w1 IS NULL
        )
        THEN 1
      END
    ),
    0
  ) AS BIGINT) AS c17,
  CAST(COALESCE(
    COUNT(CASE WHEN (
      m.ts_us >= 1779395200000000
    ) AND (
      m.w0 IS NULL
    ) THEN 1 END),
    0
  ) AS BIGINT) AS c18,
  CAST(COALESCE(
    COUNT(
      CASE
        WHEN (
          m.ts_us >= 1779395200000000
        ) AND (
          m.w0 IS NULL
        ) AND m.w1
        THEN 1
      END
    ),
    0
  ) AS BIGINT) AS c19,
  CAST(COALESCE(
    COUNT(
      CASE
        WHEN (
          m.ts_us >= 1779395200000000
        ) AND (
          m.w0 IS NULL
        ) AND (
          m.w1 IS NULL
        )
        THEN 1
      END
    ),
    0
  ) AS BIGINT) AS c20
FROM measured AS m
WHERE
  (
    (
      NOT m.f4_known
    ) AND COALESCE(m.w3, TRUE)
  )
  OR (
    (
      NOT m.f4 IS NULL
    ) AND m.w3
  )
  OR (
    (
      NOT m.f4 IS NULL
    ) AND (
      m.w3 IS NULL
    )
  )
  OR (
    m.w0 AND m.w4
  )
  OR (
    m.w0 AND (
      m.w4 IS NULL
    )
  )
  OR (
    (
      NOT m.w0
    ) AND m.w4
  )
  OR (
    (
      NOT m.w0
    ) AND (
      m.w4 IS NULL
    )
  )
  OR (
    (
      m.w0 IS NULL
    ) AND m.w4
  )
  OR (
    (
      m.w0 IS NULL
    ) AND (
      m.w4 IS NULL
    )
  )
  OR (
    m.w5 IS NULL
  )
  OR (
    (
      m.ts_us >= 1779395200000000
    ) AND m.f3_known
  )
  OR (
    (
      m.ts_us >= 1779395200000000
    ) AND (
      NOT m.f3_known
    )
  )
  OR (
    (
      m.ts_us >= 1779395200000000
    ) AND m.w0
  )
  OR (
    (
      m.ts_us >= 1779395200000000
    ) AND m.w0 AND m.w1
  )
  OR (
    (
      m.ts_us >= 1779395200000000
    ) AND m.w0 AND (
      m.w1 IS NULL
    )
  )
  OR (
    (
      m.ts_us >= 1779395200000000
    ) AND (
      NOT m.w0
    ) AND m.w1
  )
  OR (
    (
      m.ts_us >= 1779395200000000
    ) AND (
      NOT m.w0
    ) AND (
      m.w1 IS NULL
    )
  )
  OR (
    (
      m.ts_us >= 1779395200000000
    ) AND (
      m.w0 IS NULL
    )
  )
  OR (
    (
      m.ts_us >= 1779395200000000
    ) AND (
      m.w0 IS NULL
    ) AND m.w1
  )
  OR (
    (
      m.ts_us >= 1779395200000000
    ) AND (
      m.w0 IS NULL
    ) AND (
      m.w1 IS NULL
    )
  )
GROUP BY
  m.account;

-- organisation totals
SELECT
  m.organisation AS subject,
  CAST(COALESCE(COUNT(CASE WHEN m.f1_known THEN 1 END), 0) AS BIGINT) AS c0,
  CAST(COALESCE(COUNT(CASE WHEN (
    NOT m.f1_known
  ) THEN 1 END), 0) AS BIGINT) AS c1,
  CAST(COALESCE(COUNT(CASE WHEN m.w7 THEN 1 END), 0) AS BIGINT) AS c2,
  CAST(COALESCE(COUNT(CASE WHEN (
    m.w7 IS NULL
  ) THEN 1 END), 0) AS BIGINT) AS c3
FROM measured AS m
WHERE
  (
    NOT m.organisation IS NULL
  )
  AND (
    m.f1_known OR (
      NOT m.f1_known
    ) OR m.w7 OR (
      m.w7 IS NULL
    )
  )
GROUP BY
  m.organisation;

-- campaign totals
SELECT
  c.campaign AS subject,
  CAST(COALESCE(COUNT(CASE WHEN m.w6 THEN 1 END), 0) AS BIGINT) AS c0,
  CAST(COALESCE(COUNT(CASE WHEN (
    m.w6 IS NULL
  ) THEN 1 END), 0) AS BIGINT) AS c1,
  CAST(COALESCE(
    COUNT(
      CASE
        WHEN (
          m.ts_us >= 1779395200000000
        )
        AND (
          m.f2 IS NULL
        )
        AND (
          NOT m.f3 IS NULL
        )
        THEN 1
      END
    ),
    0
  ) AS BIGINT) AS c2,
  CAST(COALESCE(
    COUNT(
      CASE
        WHEN (
          m.ts_us >= 1779395200000000
        )
        AND (
          NOT m.f2 IS NULL
        )
        AND (
          NOT m.f3 IS NULL
        )
        THEN 1
      END
    ),
    0
  ) AS BIGINT) AS c3,
  CAST(COALESCE(
    COUNT(CASE WHEN (
      m.ts_us >= 1779395200000000
    ) AND (
      NOT m.f3_known
    ) THEN 1 END),
    0
  ) AS BIGINT) AS c4,
  CAST(COALESCE(COUNT(CASE WHEN (
    m.ts_us >= 1779395200000000
  ) AND m.w0 THEN 1 END), 0) AS BIGINT) AS c5,
  CAST(COALESCE(
    COUNT(CASE WHEN (
      m.ts_us >= 1779395200000000
    ) AND (
      m.w0 IS NULL
    ) THEN 1 END),
    0
  ) AS BIGINT) AS c6
FROM measured AS m
JOIN measured_members AS c
  ON c.account = m.account
WHERE
  m.w6
  OR (
    m.w6 IS NULL
  )
  OR (
    (
      m.ts_us >= 1779395200000000
    )
    AND (
      m.f2 IS NULL
    )
    AND (
      NOT m.f3 IS NULL
    )
  )
  OR (
    (
      m.ts_us >= 1779395200000000
    )
    AND (
      NOT m.f2 IS NULL
    )
    AND (
      NOT m.f3 IS NULL
    )
  )
  OR (
    (
      m.ts_us >= 1779395200000000
    ) AND (
      NOT m.f3_known
    )
  )
  OR (
    (
      m.ts_us >= 1779395200000000
    ) AND m.w0
  )
  OR (
    (
      m.ts_us >= 1779395200000000
    ) AND (
      m.w0 IS NULL
    )
  )
GROUP BY
  c.campaign;

-- account holding
SELECT
  c.account AS subject,
  CAST(COALESCE(COUNT(*), 0) AS BIGINT) AS accounts,
  CAST(COALESCE(COUNT(CASE WHEN a.t4 THEN 1 END), 0) AS BIGINT) AS holding,
  CAST(COALESCE(COUNT(CASE WHEN NOT a.t4 THEN 1 END), 0) AS BIGINT) AS lacking
FROM (
  SELECT
    account AS account
  FROM measured_accounts
  WHERE
    active
) AS c
JOIN measured_accounts AS a
  ON a.account = c.account
GROUP BY
  c.account;

-- account peak
SELECT
  subject AS subject,
  CAST(COALESCE(MAX(certain), 0) AS BIGINT) AS certain,
  CAST(COALESCE(MAX(possible), 0) AS BIGINT) AS possible
FROM (
  SELECT
    m.account AS subject,
    COUNT(*) OVER (
      PARTITION BY m.account
      ORDER BY m.ts_us
      RANGE BETWEEN 3600000000 PRECEDING AND CURRENT ROW
    ) AS possible,
    COUNT(CASE WHEN m.w5 THEN 1 END) OVER (
      PARTITION BY m.account
      ORDER BY m.ts_us
      RANGE BETWEEN 3600000000 PRECEDING AND CURRENT ROW
    ) AS certain
  FROM measured AS m
  WHERE
    COALESCE(m.w5, TRUE)
) AS w
GROUP BY
  subject;

-- account spectrum
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
      m.ts_us >= 1779395200000000
    ) AND (
      NOT m.f3 IS NULL
    )
  GROUP BY
    m.account,
    m.f3
) AS v
GROUP BY
  subject;

-- organisation gaps
SELECT
  subject AS subject,
  CAST(COALESCE(COUNT(*), 0) AS BIGINT) AS gaps,
  CAST(COALESCE(SUM(gap), 0) AS BIGINT) AS total,
  CAST(COALESCE(CAST(SUM(CAST(gap AS INT128) * gap) AS INT128), CAST(0 AS INT128)) // CAST(4611686018427387904 AS INT128) AS BIGINT) AS squares_high,
  CAST(COALESCE(CAST(SUM(CAST(gap AS INT128) * gap) AS INT128), CAST(0 AS INT128)) % CAST(4611686018427387904 AS INT128) AS BIGINT) AS squares_low
FROM (
  SELECT
    m.organisation AS subject,
    (
      m.ts_us - (
        LAG(m.ts_us) OVER (PARTITION BY m.organisation ORDER BY m.ts_us)
      )
    ) // 1000 AS gap
  FROM measured AS m
  WHERE
    (
      NOT m.organisation IS NULL
    ) AND m.w7
) AS g
WHERE
  NOT gap IS NULL
GROUP BY
  subject;

-- organisation spectrum
SELECT
  subject AS subject,
  CAST(COALESCE(n, 0) AS BIGINT) AS n,
  CAST(COALESCE(COUNT(*), 0) AS BIGINT) AS many
FROM (
  SELECT
    subject AS subject,
    COUNT(*) AS n
  FROM (
    SELECT
      m.organisation AS subject,
      UNNEST(m.f1) AS element
    FROM measured AS m
    WHERE
      (
        NOT m.organisation IS NULL
      ) AND (
        NOT m.f1 IS NULL
      )
  ) AS e
  GROUP BY
    subject,
    element
) AS v
GROUP BY
  subject,
  n;

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

-- campaign carrying
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
            CAST(a.certain AS INT128) * CAST(20 AS INT128)
          ) >= (
            CAST(a.least_of AS INT128) * CAST(19 AS INT128)
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
            CAST(a.possible AS INT128) * CAST(20 AS INT128)
          ) >= (
            CAST(a.most_of AS INT128) * CAST(19 AS INT128)
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
    AND (
      m.ts_us >= 1779395200000000
    )
  GROUP BY
    m.account
) AS a
  ON a.account = c.account
GROUP BY
  c.campaign;

-- campaign collisions
WITH carried AS (
  SELECT DISTINCT
    c.campaign AS subject,
    m.f3 AS template,
    m.account AS account,
    m.f2 AS prompt
  FROM measured AS m
  JOIN measured_members AS c
    ON c.account = m.account
  WHERE
    (
      m.ts_us >= 1779395200000000
    )
    AND (
      NOT m.f2 IS NULL
    )
    AND (
      NOT m.f3 IS NULL
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

-- campaign sharing
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
