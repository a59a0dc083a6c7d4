import Databases

/// Tables of what a household plans and of what its currencies are worth.
extension Schema {
  static let plans = [
    """
    CREATE TABLE exchange_rate (
      household_id {id} NOT NULL REFERENCES household(id), currency TEXT NOT NULL, day {int} NOT NULL,
      quote TEXT NOT NULL, rate TEXT NOT NULL, source TEXT NOT NULL,
      PRIMARY KEY (household_id, currency, quote, day)
    ) {strict}
    """,
    """
    CREATE TABLE budget (
      household_id {id} NOT NULL REFERENCES household(id), id {id} NOT NULL, category TEXT NOT NULL,
      amount_minor {int} NOT NULL, currency TEXT NOT NULL, rollover TEXT NOT NULL, starts_on {int} NOT NULL,
      created_at {int} NOT NULL, PRIMARY KEY (household_id, id), UNIQUE (household_id, category)
    ) {strict}
    """,
    """
    CREATE TABLE goal (
      household_id {id} NOT NULL REFERENCES household(id), id {id} NOT NULL, name TEXT NOT NULL,
      target_minor {int} NOT NULL, currency TEXT NOT NULL, account_id {id}, due_on {int}, created_at {int} NOT NULL,
      PRIMARY KEY (household_id, id),
      FOREIGN KEY (household_id, account_id) REFERENCES account(household_id, id)
    ) {strict}
    """,
    """
    CREATE TABLE calendar_address (
      household_id {id} NOT NULL REFERENCES household(id), person_id {id} NOT NULL, secret_hash {blob} NOT NULL,
      made_at {int} NOT NULL, PRIMARY KEY (household_id, person_id), UNIQUE (secret_hash)
    ) {strict}
    """,
  ]

  static let advisorUses = [
    """
    CREATE TABLE advisor_use (
      household_id {id} NOT NULL REFERENCES household(id), id {id} NOT NULL, person_id {id} NOT NULL, at {int} NOT NULL,
      model TEXT NOT NULL, level TEXT NOT NULL, prompt_tokens {int} NOT NULL, completion_tokens {int} NOT NULL,
      look_ups {int} NOT NULL, outcome TEXT NOT NULL, PRIMARY KEY (household_id, id)
    ) {strict}
    """,
    "CREATE INDEX advisor_use_time ON advisor_use (household_id, at)",
  ]

  /// A bank that tells amounts the wrong way round is turned at the edge, for one account.
  static let turnedFeeds = ["ALTER TABLE account ADD COLUMN is_turned {bool} NOT NULL DEFAULT 0"]

  /// Totals by month and of all time, filled from those by the day. A month is named by its first day.
  static let monthlyTotals = [
    """
    CREATE TABLE total_month (
      household_id {id} NOT NULL, account_id {id} NOT NULL, day {int} NOT NULL, category TEXT NOT NULL,
      currency TEXT NOT NULL, flow TEXT NOT NULL, is_pending {bool} NOT NULL, amount_minor {int} NOT NULL,
      rows {int} NOT NULL, PRIMARY KEY (household_id, account_id, day, category, currency, flow, is_pending)
    ) {strict_clustered} {by_household}
    """,
    """
    CREATE TABLE total_account (
      household_id {id} NOT NULL, account_id {id} NOT NULL, currency TEXT NOT NULL, is_pending {bool} NOT NULL,
      amount_minor {int} NOT NULL, rows {int} NOT NULL,
      PRIMARY KEY (household_id, account_id, currency, is_pending)
    ) {strict_clustered} {by_household}
    """,
    """
    INSERT INTO total_month (household_id, account_id, day, category, currency, flow, is_pending, amount_minor, rows)
    SELECT household_id, account_id, shifted - (year_day - (153 * ((5 * year_day + 2) / 153) + 2) / 5) + shift,
      category, currency, flow, is_pending, CAST(SUM(amount_minor) AS bigint), CAST(SUM(rows) AS bigint)
    FROM (
      SELECT of_year.*, age_day - (365 * year + year / 4 - year / 100) AS year_day FROM (
        SELECT of_age.*, (age_day - age_day / 1460 + age_day / 36524 - age_day / 146096) / 365 AS year FROM (
          SELECT of_shift.*, (shifted + 719468) % 146097 AS age_day FROM (
            SELECT t.*, t.day - (h.first_month_day - 1) AS shifted, h.first_month_day - 1 AS shift
            FROM total_day t JOIN household h ON h.id = t.household_id
          ) AS of_shift
        ) AS of_age
      ) AS of_year
    ) AS of_month
    GROUP BY 1, 2, 3, 4, 5, 6, 7 HAVING SUM(rows) <> 0 OR SUM(amount_minor) <> 0
    """,
    """
    INSERT INTO total_account (household_id, account_id, currency, is_pending, amount_minor, rows)
    SELECT household_id, account_id, currency, is_pending, CAST(SUM(amount_minor) AS bigint),
      CAST(SUM(rows) AS bigint)
    FROM total_day GROUP BY household_id, account_id, currency, is_pending
    HAVING SUM(rows) <> 0 OR SUM(amount_minor) <> 0
    """,
    """
    CREATE INDEX transaction_overlay_deleted ON transaction_overlay (household_id, transaction_id)
    WHERE deleted_at IS NOT NULL
    """,
  ]
}
