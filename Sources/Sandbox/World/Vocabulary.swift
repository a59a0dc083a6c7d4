/// Plaid's closed word lists, as requests may use them.
enum Vocabulary {
  static let products: Set<String> = [
    "assets", "auth", "balance", "balance_plus", "beacon", "identity", "identity_match", "investments",
    "investments_auth", "liabilities", "payment_initiation", "identity_verification", "transactions", "credit_details",
    "income", "income_verification", "standing_orders", "transfer", "employment", "recurring_transactions",
    "transactions_refresh", "signal", "statements", "processor_payments", "processor_identity", "profile",
    "cra_base_report", "cra_income_insights", "cra_partner_insights", "cra_network_insights", "cra_cashflow_insights",
    "cra_monitoring", "cra_lend_score", "cra_plaid_credit_score", "cra_home_lending", "cra_qualify", "layer",
    "pay_by_bank", "protect_linked_bank", "protect_transactions", "investments_refresh",
  ]

  /// What Link cannot be opened with: these come along by themselves or are switched on elsewhere.
  static let neverInitial: Set<String> = ["balance", "recurring_transactions", "investments_refresh"]

  static let countries: Set<String> = [
    "US", "GB", "ES", "NL", "FR", "IE", "CA", "DE", "IT", "PL", "DK", "NO", "SE", "EE", "LT", "LV", "PT", "BE", "AT",
    "FI",
  ]

  static let languages: Set<String> = [
    "da", "nl", "en", "et", "fr", "de", "hi", "it", "lv", "lt", "no", "pl", "pt", "ro", "es", "sv", "vi",
  ]

  static let removalReasons: Set<String> = [
    "FRAUD_FIRST_PARTY", "FRAUD_FALSE_IDENTITY", "FRAUD_ABUSE", "FRAUD_OTHER", "CONNECTION_IS_NON_FUNCTIONAL", "OTHER",
  ]
}
