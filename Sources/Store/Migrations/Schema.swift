package import Databases

/// Every table, as a list of migrations that only ever grows at its end.
///
/// `{id}`, `{int}`, `{bool}`, `{strict}` and `{strict_clustered}` are words that each dialect spells its own way. Primary, unique and foreign
/// keys begin with the household, so that tables can be split by it. What a person wrote, what we concluded and what
/// the bank said stand in tables of their own: sync writes only the last.
package enum Schema {
  package static let migrations: [Migration] = [
    Migration(version: 1, name: "people and connections", statements: people + connections),
    Migration(version: 2, name: "accounts and transactions", statements: accounts + transactions),
    Migration(version: 3, name: "what people wrote and we concluded", statements: overlays),
    Migration(version: 4, name: "investments and liabilities", statements: investments),
    Migration(version: 5, name: "identity and what people share", statements: identity),
    Migration(version: 6, name: "answers that are kept", statements: answers),
    Migration(version: 7, name: "jobs and schedules", statements: jobs),
    Migration(version: 8, name: "what people do with their rows", statements: ledger),
    Migration(version: 9, name: "webhooks and notifications", statements: notices),
    Migration(version: 10, name: "rules", statements: sorting),
    Migration(version: 11, name: "plans and exchange rates", statements: plans),
    Migration(version: 12, name: "mails", statements: mails),
    Migration(version: 13, name: "totals by month", statements: monthlyTotals),
    Migration(version: 14, name: "rows that belong together", statements: pairs),
    Migration(version: 15, name: "events for one person", statements: personal),
    Migration(version: 16, name: "feeds that are turned", statements: turnedFeeds),
    Migration(version: 17, name: "outgoing webhooks", statements: outgoing),
    Migration(version: 18, name: "what the advisor cost", statements: advisorUses),
    Migration(version: 19, name: "what banks say comes again", statements: bankStreams),
    Migration(version: 20, name: "what people wanted gone", statements: erasures),
    Migration(version: 21, name: "events that are told once", statements: toldOnce),
    Migration(version: 22, name: "what came with files", statements: imports),
  ]

  private static let people = [
    """
    CREATE TABLE household (
      id {id} PRIMARY KEY, name TEXT NOT NULL, time_zone TEXT NOT NULL, base_currency TEXT NOT NULL,
      first_weekday {int} NOT NULL DEFAULT 1 CHECK (first_weekday BETWEEN 1 AND 7),
      first_month_day {int} NOT NULL DEFAULT 1 CHECK (first_month_day BETWEEN 1 AND 28),
      event_position {int} NOT NULL DEFAULT 0, created_at {int} NOT NULL
    ) {strict}
    """,
    """
    CREATE TABLE person (
      id {id} PRIMARY KEY, name TEXT NOT NULL, locale TEXT NOT NULL DEFAULT 'en', created_at {int} NOT NULL
    ) {strict}
    """,
    """
    CREATE TABLE membership (
      household_id {id} NOT NULL REFERENCES household(id), person_id {id} NOT NULL REFERENCES person(id),
      role TEXT NOT NULL CHECK (role IN ('owner', 'admin', 'member', 'viewer')), joined_at {int} NOT NULL,
      PRIMARY KEY (household_id, person_id)
    ) {strict}
    """,
    """
    CREATE TABLE change (
      household_id {id} NOT NULL REFERENCES household(id), id {id} NOT NULL, group_id {id} NOT NULL,
      person_id {id}, through TEXT NOT NULL, at {int} NOT NULL, entity TEXT NOT NULL, entity_id {id} NOT NULL,
      before TEXT, after TEXT, PRIMARY KEY (household_id, id)
    ) {strict} {by_household}
    """,
    """
    CREATE TABLE event (
      household_id {id} NOT NULL REFERENCES household(id), position {int} NOT NULL, at {int} NOT NULL,
      kind TEXT NOT NULL, body TEXT NOT NULL, PRIMARY KEY (household_id, position)
    ) {strict} {by_household}
    """,
    """
    CREATE TABLE inbox (
      household_id {id} NOT NULL REFERENCES household(id), id {id} NOT NULL, kind TEXT NOT NULL,
      entity_id {id} NOT NULL, made_at {int} NOT NULL, settled_at {int}, PRIMARY KEY (household_id, id)
    ) {strict}
    """,
  ]

  private static let connections = [
    """
    CREATE TABLE institution (
      id TEXT NOT NULL, provider TEXT NOT NULL, name TEXT NOT NULL, url TEXT, color TEXT, logo {blob},
      fetched_at {int} NOT NULL, rest TEXT, PRIMARY KEY (provider, id)
    ) {strict}
    """,
    """
    CREATE TABLE connection (
      household_id {id} NOT NULL REFERENCES household(id), id {id} NOT NULL,
      person_id {id} NOT NULL REFERENCES person(id), origin TEXT NOT NULL, environment TEXT NOT NULL,
      host TEXT NOT NULL, provider_item_id TEXT NOT NULL, institution_id TEXT, institution_name TEXT,
      sealed_token {blob}, state TEXT NOT NULL, state_code TEXT, state_message TEXT, cursor TEXT NOT NULL DEFAULT '',
      progress TEXT NOT NULL DEFAULT 'unknown', last_success_at {int}, last_attempt_at {int},
      consent_expires_at {int}, adopts {bool} NOT NULL DEFAULT 0, lease_owner TEXT, lease_expires_at {int} NOT NULL DEFAULT 0,
      fence {int} NOT NULL DEFAULT 0, created_at {int} NOT NULL, PRIMARY KEY (household_id, id)
    ) {strict}
    """,
    """
    CREATE TABLE provider_route (
      environment TEXT NOT NULL, host TEXT NOT NULL, provider_item_id TEXT NOT NULL, household_id {id} NOT NULL,
      connection_id {id} NOT NULL, PRIMARY KEY (environment, host, provider_item_id)
    ) {strict}
    """,
    """
    CREATE TABLE sync_run (
      household_id {id} NOT NULL, id {id} NOT NULL, connection_id {id} NOT NULL, kind TEXT NOT NULL,
      started_at {int} NOT NULL, ended_at {int}, phase TEXT NOT NULL, pages {int} NOT NULL DEFAULT 0,
      rows {int} NOT NULL DEFAULT 0, added {int} NOT NULL DEFAULT 0, changed {int} NOT NULL DEFAULT 0,
      removed {int} NOT NULL DEFAULT 0, quarantined {int} NOT NULL DEFAULT 0, restarts {int} NOT NULL DEFAULT 0,
      oldest_on {int}, outcome TEXT, error_code TEXT, error_message TEXT, PRIMARY KEY (household_id, id),
      FOREIGN KEY (household_id, connection_id) REFERENCES connection(household_id, id)
    ) {strict}
    """,
    """
    CREATE TABLE raw_batch (
      household_id {id} NOT NULL, run_id {id} NOT NULL, position {int} NOT NULL, received_at {int} NOT NULL,
      bytes {blob} NOT NULL, PRIMARY KEY (household_id, run_id, position),
      FOREIGN KEY (household_id, run_id) REFERENCES sync_run(household_id, id)
    ) {strict} {by_household}
    """,
    """
    CREATE TABLE quarantine (
      household_id {id} NOT NULL, id {id} NOT NULL, connection_id {id} NOT NULL,
      product TEXT NOT NULL DEFAULT 'transactions', provider_id TEXT, reason TEXT NOT NULL, raw TEXT NOT NULL,
      found_at {int} NOT NULL, settled_at {int}, PRIMARY KEY (household_id, id),
      FOREIGN KEY (household_id, connection_id) REFERENCES connection(household_id, id)
    ) {strict}
    """,
    """
    CREATE INDEX quarantine_unsettled ON quarantine (household_id, connection_id, product, provider_id)
    WHERE settled_at IS NULL
    """,
  ]

  private static let accounts = [
    """
    CREATE TABLE account (
      household_id {id} NOT NULL REFERENCES household(id), id {id} NOT NULL, kind TEXT NOT NULL, name TEXT NOT NULL,
      official_name TEXT, mask TEXT, type TEXT NOT NULL, subtype TEXT, currency TEXT NOT NULL,
      institution_id TEXT, current_minor {int}, available_minor {int}, limit_minor {int}, current_exact TEXT,
      balance_at {int}, origin TEXT NOT NULL, missing_lists {int} NOT NULL DEFAULT 0, no_longer_sent_at {int},
      hidden {bool} NOT NULL DEFAULT 0, closed_at {int}, created_at {int} NOT NULL, PRIMARY KEY (household_id, id)
    ) {strict}
    """,
    """
    CREATE TABLE account_source (
      household_id {id} NOT NULL, connection_id {id} NOT NULL, provider_id TEXT NOT NULL, account_id {id} NOT NULL,
      persistent_id TEXT, is_muted {bool} NOT NULL DEFAULT 0, seen_from {int} NOT NULL, seen_to {int} NOT NULL,
      rest TEXT, PRIMARY KEY (household_id, connection_id, provider_id),
      FOREIGN KEY (household_id, connection_id) REFERENCES connection(household_id, id),
      FOREIGN KEY (household_id, account_id) REFERENCES account(household_id, id)
    ) {strict}
    """,
    "CREATE INDEX account_source_account ON account_source (household_id, account_id)",
    """
    CREATE TABLE balance_snapshot (
      household_id {id} NOT NULL, account_id {id} NOT NULL, day {int} NOT NULL, current_minor {int},
      available_minor {int}, limit_minor {int}, currency TEXT NOT NULL, as_of {int} NOT NULL, source TEXT NOT NULL,
      PRIMARY KEY (household_id, account_id, day),
      FOREIGN KEY (household_id, account_id) REFERENCES account(household_id, id)
    ) {strict} {by_household}
    """,
  ]

  private static let transactions = [
    """
    CREATE TABLE bank_transaction (
      household_id {id} NOT NULL, id {id} NOT NULL, account_id {id} NOT NULL, is_pending {bool} NOT NULL,
      is_gone {bool} NOT NULL DEFAULT 0, amount_minor {int} NOT NULL, currency TEXT NOT NULL, exact TEXT,
      booked_on {int} NOT NULL, booked_at {int}, authorized_on {int}, authorized_at {int}, occurred_on {int} NOT NULL,
      name TEXT NOT NULL, original_description TEXT, merchant_name TEXT, merchant_entity_id TEXT, website TEXT,
      payment_channel TEXT, check_number TEXT, transaction_code TEXT, category_primary TEXT, category_detailed TEXT,
      category_confidence TEXT, category_version TEXT, category_legacy TEXT, counterparties TEXT, location TEXT,
      payment_meta TEXT, rest TEXT, flow TEXT NOT NULL, origin TEXT NOT NULL, created_at {int} NOT NULL,
      changed_at {int} NOT NULL, PRIMARY KEY (household_id, id),
      FOREIGN KEY (household_id, account_id) REFERENCES account(household_id, id)
    ) {strict} {by_household}
    """,
    "CREATE INDEX bank_transaction_day ON bank_transaction (household_id, occurred_on, id)",
    "CREATE INDEX bank_transaction_account ON bank_transaction (household_id, account_id, booked_on)",
    """
    CREATE TABLE transaction_source (
      household_id {id} NOT NULL, connection_id {id} NOT NULL, provider_id TEXT NOT NULL,
      transaction_id {id} NOT NULL, is_pending {bool} NOT NULL, pending_id TEXT, seen_from {int} NOT NULL,
      seen_to {int} NOT NULL, seen_fence {int} NOT NULL, removed_at {int}, amount_minor {int} NOT NULL, exact TEXT,
      booked_on {int} NOT NULL, PRIMARY KEY (household_id, connection_id, provider_id),
      FOREIGN KEY (household_id, connection_id) REFERENCES connection(household_id, id),
      FOREIGN KEY (household_id, transaction_id) REFERENCES bank_transaction(household_id, id)
    ) {strict} {by_household}
    """,
    "CREATE INDEX transaction_source_transaction ON transaction_source (household_id, transaction_id)",
    """
    CREATE INDEX transaction_source_pending ON transaction_source (household_id, connection_id, pending_id)
    WHERE pending_id IS NOT NULL
    """,
  ]

  private static let overlays = [
    """
    CREATE TABLE transaction_overlay (
      household_id {id} NOT NULL, transaction_id {id} NOT NULL, category TEXT, name TEXT, notes TEXT, tags TEXT,
      occurred_on {int}, is_excluded {bool}, is_reviewed {bool}, deleted_at {int}, written_at {int} NOT NULL,
      written_by {id}, PRIMARY KEY (household_id, transaction_id),
      FOREIGN KEY (household_id, transaction_id) REFERENCES bank_transaction(household_id, id)
    ) {strict} {by_household}
    """,
    """
    CREATE TABLE judgement (
      household_id {id} NOT NULL, transaction_id {id} NOT NULL, field TEXT NOT NULL, value TEXT NOT NULL,
      source TEXT NOT NULL, confidence {int}, reason TEXT NOT NULL, version TEXT, made_at {int} NOT NULL,
      PRIMARY KEY (household_id, transaction_id, field),
      FOREIGN KEY (household_id, transaction_id) REFERENCES bank_transaction(household_id, id)
    ) {strict} {by_household}
    """,
    """
    CREATE TABLE split (
      household_id {id} NOT NULL, transaction_id {id} NOT NULL, position {int} NOT NULL, amount_minor {int} NOT NULL,
      category TEXT, note TEXT, PRIMARY KEY (household_id, transaction_id, position),
      FOREIGN KEY (household_id, transaction_id) REFERENCES bank_transaction(household_id, id)
    ) {strict}
    """,
    """
    CREATE TABLE transfer_pair (
      household_id {id} NOT NULL, outgoing_id {id} NOT NULL, incoming_id {id} NOT NULL,
      outgoing_minor {int} NOT NULL, incoming_minor {int} NOT NULL, implied_rate TEXT, fee_minor {int},
      verdict TEXT, made_at {int} NOT NULL, PRIMARY KEY (household_id, outgoing_id, incoming_id),
      FOREIGN KEY (household_id, outgoing_id) REFERENCES bank_transaction(household_id, id),
      FOREIGN KEY (household_id, incoming_id) REFERENCES bank_transaction(household_id, id)
    ) {strict}
    """,
    """
    CREATE TABLE total_day (
      household_id {id} NOT NULL, account_id {id} NOT NULL, day {int} NOT NULL, category TEXT NOT NULL,
      currency TEXT NOT NULL, flow TEXT NOT NULL, is_pending {bool} NOT NULL, amount_minor {int} NOT NULL,
      rows {int} NOT NULL, PRIMARY KEY (household_id, account_id, day, category, currency, flow, is_pending)
    ) {strict_clustered} {by_household}
    """,
  ]
}
