/// One setting of the environment. This table is the only list of them: reading, help, `.env.example` and the README
/// follow it.
package struct Setting: Sendable {
  /// An operator's files name it, so it never changes once shipped.
  package let name: String
  /// What holds when it is not set; empty when there is none.
  package let standard: String
  package let summary: String
  package let isSecret: Bool

  package init(_ name: String, _ standard: String, _ summary: String, isSecret: Bool = false) {
    self.name = name
    self.standard = standard
    self.summary = summary
    self.isSecret = isSecret
  }

  static let clientID = Setting("PLAID_CLIENT_ID", "", "Plaid's name for you.")
  static let secret = Setting("PLAID_SECRET", "", "Plaid's secret for the environment.", isSecret: true)
  static let environment = Setting("PLAID_ENV", "sandbox", "Plaid's environment: sandbox or production.")
  static let baseURL = Setting(
    "PLAID_BASE_URL", "", "Another server that speaks Plaid's protocol; http:// only on this machine.")
  static let products = Setting(
    "PLAID_PRODUCTS", "transactions", "Plaid products to ask for, with commas; recurring_transactions: its streams too."
  )
  static let countryCodes = Setting("PLAID_COUNTRY_CODES", "US", "Countries of your banks, with commas.")
  static let language = Setting("PLAID_LANGUAGE", "en", "Language of the sign-in page.")
  static let dataDirectory = Setting("MAGPIE_DATA_DIR", "~/.local/share/magpie", "Where the data is kept.")
  static let databaseURL = Setting(
    "DATABASE_URL", "", "PostgreSQL server to keep the data on, postgres://…; unset: a file in the data folder.",
    isSecret: true)
  static let databaseReadURL = Setting(
    "DATABASE_READ_URL", "", "Standby of that server that may answer pages, postgres://…; unset: the primary does.",
    isSecret: true)
  static let host = Setting("MAGPIE_HOST", "127.0.0.1", "Address to listen on.")
  static let port = Setting("MAGPIE_PORT", "8080", "Port to listen on.")
  static let publicURL = Setting("MAGPIE_PUBLIC_URL", "", "How the outside reaches this server, with https://.")
  static let registration = Setting(
    "MAGPIE_REGISTRATION", "closed", "Who may make themselves known: open, invite (with an invitation), or closed.")
  static let simulation = Setting(
    "MAGPIE_SIMULATION", "auto", "Simulated bank: auto (when there are no Plaid keys), on, or off (never).")
  static let timeZone = Setting("MAGPIE_TIME_ZONE", "UTC", "Your time zone, such as Europe/Berlin.")
  static let encryptionKey = Setting(
    "MAGPIE_ENCRYPTION_KEY", "", "32 bytes in base 64 that seal bank tokens; unset: a file in the data folder.",
    isSecret: true)
  static let previousEncryptionKeys = Setting(
    "MAGPIE_ENCRYPTION_KEY_PREVIOUS", "", "Keys from before, with commas; they only open (see magpie help keys).",
    isSecret: true)

  static let metricsToken = Setting(
    "MAGPIE_METRICS_TOKEN", "", "Opens /metrics, 22 characters or more; unset: there is no /metrics.", isSecret: true)
  static let origins = Setting(
    "MAGPIE_CORS_ORIGINS", "", "Sites whose pages may ask from a browser, with commas; unset: none.")
  static let allowedHosts = Setting(
    "MAGPIE_ALLOWED_HOSTS", "", "Host names to answer for besides the public URL's, with commas.")
  static let rateLimits = Setting(
    "MAGPIE_RATE_LIMITS", "on", "How often one may ask: on, or off for measuring.")
  static let keptAnswers = Setting(
    "MAGPIE_KEPT_ANSWERS_MB", "8", "Memory for answers that are kept until something changes, in MB; 0: none.")

  static let advisorURL = Setting(
    "MAGPIE_ADVISOR_URL", "", "Language model for advice, such as http://127.0.0.1:11434/v1; unset: none is asked.")
  static let advisorModel = Setting("MAGPIE_ADVISOR_MODEL", "", "What that model is called there.")
  static let advisorKey = Setting("MAGPIE_ADVISOR_KEY", "", "Key for that model's server.", isSecret: true)

  static let passwordCost = Setting(
    "MAGPIE_PASSWORD_COST", "standard", "What one guess at a password costs: standard, or least for tests without keys."
  )

  static let syncSchedule = Setting(
    "MAGPIE_SYNC_SCHEDULE", "0 2 * * *", "When every bank is read, as cron writes it, in your time zone; or off.")
  static let balanceSchedule = Setting(
    "MAGPIE_BALANCE_SCHEDULE", "", "When balances alone are read, which is free; unset: with everything else.")
  static let liveBalances = Setting(
    "MAGPIE_LIVE_BALANCES", "off",
    "What that schedule asks: off, what Plaid has at hand; or on, the bank itself, which Plaid bills for each bank.")
  static let workers = Setting(
    "MAGPIE_WORKERS", "8", "Jobs at a time in magpie serve; 0: only magpie worker does them.")
  static let providerJobs = Setting(
    "MAGPIE_PROVIDER_JOBS", "32", "Jobs that ask the provider at a time, over all processes.")
  static let bankJobs = Setting(
    "MAGPIE_BANK_JOBS", "8",
    "Jobs that ask one bank at a time, over all processes: banks are slower, and refuse sooner.")
  static let callsPerDay = Setting(
    "MAGPIE_CALLS_PER_DAY", "5000", "Calls to Plaid in a day and household, so that no mistake can use up a quota.")
  static let trustedProxies = Setting(
    "MAGPIE_TRUSTED_PROXIES", "127.0.0.0/8,::1", "Proxies that are believed when they say who asked, with commas.")

  static let smtpURL = Setting(
    "MAGPIE_SMTP_URL", "", "Mail server, smtp://name:password@host:587 or smtps://…; unset: no mails are sent.",
    isSecret: true)
  static let mailFrom = Setting(
    "MAGPIE_MAIL_FROM", "", "The address that mails come from; needed with MAGPIE_SMTP_URL.")
  static let smtpTLS = Setting(
    "MAGPIE_SMTP_TLS", "required", "Encryption of mails on their way: required, or off for a server nearby.")
  static let smtpAuthorities = Setting(
    "MAGPIE_SMTP_CA_FILE", "", "Certificates that vouch for the mail server; unset: those of the system.")

  static let outgoingAllow = Setting(
    "MAGPIE_OUTGOING_ALLOW", "",
    "Addresses nearby that outgoing webhooks may reach all the same, such as 10.1.0.0/16, with commas.")

  static let kafkaBrokers = Setting(
    "MAGPIE_KAFKA_BROKERS", "", "Kafka brokers that get every event, host:9092 with commas; unset: none.")
  static let kafkaTopic = Setting("MAGPIE_KAFKA_TOPIC", "magpie.events", "Kafka's topic for them.")
  static let kafkaOptions = Setting(
    "MAGPIE_KAFKA_OPTIONS", "", "Further properties of librdkafka, name=value with semicolons.", isSecret: true)

  static let prices = Setting(
    "MAGPIE_PLAID_PRICES", "refresh=0.12,balances=0.10",
    "What Plaid charges you for each billed call, in dollars, to be shown before one is made.")

  package static let all: [Setting] = [
    clientID, secret, environment, baseURL, products, countryCodes, language, dataDirectory, databaseURL,
    databaseReadURL, host, port,
    publicURL, registration, simulation, timeZone, encryptionKey, previousEncryptionKeys,
    metricsToken, origins, allowedHosts, rateLimits, keptAnswers, advisorURL, advisorModel, advisorKey,
    passwordCost,
    syncSchedule, balanceSchedule, liveBalances, workers, providerJobs, bankJobs, callsPerDay, trustedProxies,
    smtpURL, mailFrom, smtpTLS, smtpAuthorities, outgoingAllow, kafkaBrokers, kafkaTopic,
    kafkaOptions, prices,
  ]

  /// The text of `.env.example`.
  package static var example: String {
    var text = "# Settings of Magpie. Copy to .env, fill in what you need, and keep the copy to yourself (chmod 600).\n"
    for setting in all {
      text += "\n# \(setting.summary)\n"
      text += setting.standard.isEmpty ? "#\(setting.name)=\n" : "#\(setting.name)=\(setting.standard)\n"
    }
    return text
  }

  /// The rows of the README's table.
  package static var markdownRows: [String] {
    all.map { "| `\($0.name)` | \($0.standard.isEmpty ? "" : "`\($0.standard)`") | \($0.summary) |" }
  }
}
