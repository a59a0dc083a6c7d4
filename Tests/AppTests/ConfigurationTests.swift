import Basics
import FoundationEssentials
import Testing

@testable import App

@Suite struct `The settings` {
  private let home = ["HOME": "/home/me"]

  private func mistakes(_ environment: [String: String]) -> [String] {
    do throws(ConfigurationError) {
      _ = try Configuration(environment.merging(home) { given, _ in given })
      return []
    } catch {
      return error.mistakes
    }
  }

  @Test func `hold without any variable`() throws {
    let configuration = try Configuration(home)
    #expect(configuration.credentials == nil)
    #expect(configuration.plaidBaseURL == "https://sandbox.plaid.com")
    #expect(configuration.products == ["transactions"])
    #expect(configuration.countryCodes == ["US"])
    #expect(configuration.dataDirectory == "/home/me/.local/share/magpie")
    #expect(configuration.host == "127.0.0.1" && configuration.port == 8080)
    #expect(configuration.publicURL == nil && configuration.simulation == .auto && configuration.timeZone == "UTC")
  }

  @Test func `are read from their variables`() throws {
    let configuration = try Configuration([
      "PLAID_CLIENT_ID": "me", "PLAID_SECRET": "hunter2", "PLAID_ENV": "production",
      "PLAID_PRODUCTS": "transactions, liabilities", "PLAID_COUNTRY_CODES": "US,CA", "PLAID_LANGUAGE": "fr",
      "MAGPIE_DATA_DIR": "/srv/magpie", "MAGPIE_HOST": "::1", "MAGPIE_PORT": "9000",
      "MAGPIE_PUBLIC_URL": "https://money.example.org/", "MAGPIE_SIMULATION": "on",
      "MAGPIE_TIME_ZONE": "America/New_York",
      "MAGPIE_ENCRYPTION_KEY": "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
      "MAGPIE_ENCRYPTION_KEY_PREVIOUS":
        "AQECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=, AgECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
    ])
    #expect(configuration.previousEncryptionKeys.count == 2)
    #expect(configuration.credentials?.secret.reveal == "hunter2")
    #expect(configuration.plaidBaseURL == "https://production.plaid.com")
    #expect(configuration.products == ["transactions", "liabilities"])
    #expect(configuration.countryCodes == ["US", "CA"])
    #expect(configuration.dataDirectory == "/srv/magpie" && configuration.port == 9000)
    #expect(configuration.publicURL == "https://money.example.org" && configuration.simulation == .on)
    #expect(configuration.timeZone == "America/New_York" && configuration.encryptionKey != nil)
  }

  @Test func `let nobody make the passwords of real people cheap`() {
    #expect(mistakes(["MAGPIE_PASSWORD_COST": "least"]).isEmpty)
    let told = mistakes([
      "PLAID_CLIENT_ID": "me", "PLAID_SECRET": "hunter2", "MAGPIE_PASSWORD_COST": "least",
    ])
    #expect(told == ["MAGPIE_PASSWORD_COST must be standard where there are Plaid keys, not \"least\""])
  }

  @Test func `tell all mistakes at once, and no secret`() {
    let told = mistakes([
      "PLAID_SECRET": "hunter2", "PLAID_ENV": "development", "PLAID_BASE_URL": "http://bank.example",
      "PLAID_PRODUCTS": "transactions,,", "PLAID_COUNTRY_CODES": "us", "PLAID_LANGUAGE": "english",
      "MAGPIE_DATA_DIR": "here", "MAGPIE_HOST": "example.org", "MAGPIE_PORT": "65536",
      "MAGPIE_PUBLIC_URL": "money.example.org", "MAGPIE_SIMULATION": "maybe", "MAGPIE_TIME_ZONE": "../../etc/passwd",
      "MAGPIE_ENCRYPTION_KEY": "hunter3", "MAGPIE_ENCRYPTION_KEY_PREVIOUS": "hunter4",
      "DATABASE_URL": "mysql://me:hunter5@localhost/money", "DATABASE_READ_URL": "me:hunter5@standby",
      "MAGPIE_METRICS_TOKEN": "hunter6",
      "MAGPIE_CORS_ORIGINS": "https://app.example,https://app.example/page", "MAGPIE_ALLOWED_HOSTS": "a,,b",
      "MAGPIE_RATE_LIMITS": "some", "MAGPIE_REGISTRATION": "perhaps",
      "MAGPIE_ADVISOR_URL": "http://model.example", "MAGPIE_ADVISOR_MODEL": "a model",
      "MAGPIE_ADVISOR_KEY": "hunter7 hunter8", "MAGPIE_PASSWORD_COST": "nothing", "MAGPIE_SYNC_SCHEDULE": "at two",
      "MAGPIE_BALANCE_SCHEDULE": "* * *", "MAGPIE_LIVE_BALANCES": "perhaps",
      "MAGPIE_WORKERS": "many", "MAGPIE_PROVIDER_JOBS": "0", "MAGPIE_BANK_JOBS": "-1", "MAGPIE_CALLS_PER_DAY": "1",
      "MAGPIE_TRUSTED_PROXIES": "10.0.0.0/99",
      "MAGPIE_KEPT_ANSWERS_MB": "lots", "MAGPIE_SMTP_URL": "http://me:hunter7@mail.example",
      "MAGPIE_MAIL_FROM": "magpie", "MAGPIE_SMTP_TLS": "perhaps", "MAGPIE_SMTP_CA_FILE": "here.pem",
      "MAGPIE_OUTGOING_ALLOW": "intranet", "MAGPIE_KAFKA_BROKERS": "kafka:9092,,", "MAGPIE_KAFKA_TOPIC": "my topic",
      "MAGPIE_KAFKA_OPTIONS": "hunter9", "MAGPIE_PLAID_PRICES": "a lot",
    ])
    #expect(told.count == 43, "\(told)")
    // Of the keys, the half that is missing is named.
    for setting in Setting.all where setting.name != "PLAID_SECRET" {
      #expect(told.contains { $0.hasPrefix(setting.name + " ") }, "\(setting.name)")
    }
    #expect(told.allSatisfy { !$0.contains("hunter") })
  }

  @Test(arguments: [
    ("postgres://me:hunter2@db.example:5433,other/money?sslmode=require", "postgres://db.example:5433,other/money"),
    ("postgresql://me:hunt@er2@db.example/money", "postgres://db.example/money"),
    ("postgres:///money?host=/run/postgresql&password=hunter2", "postgres:///money"),
  ])
  func `show a database's place and nothing else of its address`(address: String, shown: String) throws {
    let configuration = try Configuration(["HOME": "/home/me", "DATABASE_URL": address])
    #expect(configuration.shown(.databaseURL) == shown)
    #expect(!"\(configuration)".contains("hunt"))
  }

  @Test func `of mails belong together, and keep a password from going unprotected`() throws {
    let url = "smtp://me:hunter2@mail.example:587"
    #expect(mistakes(["MAGPIE_SMTP_URL": url]) == ["MAGPIE_MAIL_FROM is missing: MAGPIE_SMTP_URL is set"])
    let open = mistakes([
      "MAGPIE_SMTP_URL": url, "MAGPIE_MAIL_FROM": "magpie@example.org", "MAGPIE_SMTP_TLS": "off",
    ])
    #expect(open == ["MAGPIE_SMTP_TLS must be required where MAGPIE_SMTP_URL has a password"])
    let configuration = try Configuration([
      "HOME": "/home/me", "MAGPIE_SMTP_URL": url, "MAGPIE_MAIL_FROM": "magpie@example.org",
    ])
    #expect(configuration.mail?.from == "magpie@example.org")
    #expect(!"\(configuration)".contains("hunter2"))
  }

  @Test func `refuse half a pair of keys`() {
    #expect(mistakes(["PLAID_CLIENT_ID": "me"]) == ["PLAID_SECRET is missing: PLAID_CLIENT_ID is set"])
    #expect(mistakes(["PLAID_SECRET": "x"]) == ["PLAID_CLIENT_ID is missing: PLAID_SECRET is set"])
    #expect(mistakes(["PLAID_CLIENT_ID": "me", "PLAID_SECRET": ""]).count == 1)
    #expect(mistakes(["PLAID_CLIENT_ID": "", "PLAID_SECRET": ""]).isEmpty)
  }

  @Test(arguments: [
    "https://sandbox.plaid.com", "https://bank.example:8443/plaid", "http://127.0.0.1:8090", "http://127.9.9.9",
    "http://localhost:8090/", "http://[::1]:8090",
  ])
  func `accept an address that is protected`(url: String) {
    #expect(mistakes(["PLAID_BASE_URL": url]).isEmpty)
  }

  @Test(arguments: [
    "http://bank.example", "http://10.0.0.1", "http://127.0.0.1.example.org", "http://localhost.example.org",
    "http://localhost@bank.example", "http://127.0.0.1:80@bank.example", "https://", "https:///path", "ftp://127.0.0.1",
    "127.0.0.1:8090", "http://[::2]", "http://127.0.0.1:x", "http://0.0.0.0", "http://127.0.0.1\\@bank.example",
    "https://bank.example/?a", "https://bank.example/#a", "https://bank example", "HTTP://bank.example",
    "http://128.0.0.1", "http://[::1]bank.example",
  ])
  func `refuse an address that is not`(url: String) {
    #expect(mistakes(["PLAID_BASE_URL": url]).count == 1)
  }

  @Test func `name a standby only beside its primary`() {
    let standby = ["DATABASE_READ_URL": "postgres://me@standby/money"]
    #expect(mistakes(standby).count == 1)
    #expect(mistakes(standby.merging(["DATABASE_URL": "postgres://me@primary/money"]) { $1 }).isEmpty)
  }

  @Test(arguments: ["Nowhere/City", "/etc/passwd", "../zoneinfo/UTC/..", "Europe", "Europe/ Berlin", "leapseconds"])
  func `refuse a time zone that does not exist`(name: String) {
    #expect(mistakes(["MAGPIE_TIME_ZONE": name]).count == 1)
  }

  @Test func `stand in the example file and the README as in the table`() throws {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    #expect(try String(contentsOf: root.appending(path: ".env.example"), encoding: .utf8) == Setting.example)
    let readme = try String(contentsOf: root.appending(path: "README.md"), encoding: .utf8)
    let rows = readme.split(separator: "\n").filter { row in
      ["PLAID_", "MAGPIE_", "DATABASE_"].contains { row.hasPrefix("| `\($0)") }
    }
    #expect(rows.map(String.init) == Setting.markdownRows)
  }
}

@Suite struct `A table` {
  @Test func `lines up words to the left and amounts to the right`() {
    var table = Table([.left, .right], head: ["Account", "Balance"])
    table.append(["Checking", "1,234.50"])
    table.append(["Card", "-3.00"])
    #expect(table.lines == ["Account    Balance", "Checking  1,234.50", "Card         -3.00"])
  }

  @Test func `stays within 80 columns and never cuts an amount`() {
    var table = Table([.left, .left, .right])
    table.append(["2026-01-31", String(repeating: "long ", count: 30), "-12,345.67"])
    table.append(["2026-02-01", "short", "1.00"])
    #expect(table.lines.allSatisfy { $0.count == 80 })
    #expect(table.lines[0].hasSuffix("…  -12,345.67"))
  }

  @Test func `lets no text move the cursor`() {
    var table = Table([.left])
    table.append(["a\u{1B}[2Jb\nc\r\nd\u{9B}e"])
    #expect(table.lines == ["a [2Jb c d e"])
  }
}
