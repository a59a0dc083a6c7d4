// swift-tools-version: 6.2
import PackageDescription

// The legend of the house. Imports point down only; the build runs with
// `--explicit-target-dependency-import-check error`, and a test compares the import lines with this table.

let house: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
  .enableUpcomingFeature("InferIsolatedConformances"),
  .enableUpcomingFeature("ImmutableWeakCaptures"),
  .treatAllWarnings(as: .error),
]
// Only the floors that touch C turn on strict memory safety: every unsafe use must be spelled `unsafe`.
let touchesC = house + [.strictMemorySafety()]

let package = Package(
  name: "magpie",
  products: [.executable(name: "magpie", targets: ["magpie"])],
  targets: [
    // 0  the earth: a module map and a shim each, no Swift.
    .systemLibrary(name: "CSQLite", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"])]),
    .systemLibrary(name: "CPostgres", pkgConfig: "libpq", providers: [.apt(["libpq-dev"])]),
    .systemLibrary(name: "CMicroHTTPD", pkgConfig: "libmicrohttpd", providers: [.apt(["libmicrohttpd-dev"])]),
    .systemLibrary(name: "CSodium", pkgConfig: "libsodium", providers: [.apt(["libsodium-dev"])]),
    .systemLibrary(name: "COpenSSL", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
    .systemLibrary(name: "CCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),
    .systemLibrary(name: "CPCRE2", pkgConfig: "libpcre2-8", providers: [.apt(["libpcre2-dev"])]),
    .systemLibrary(name: "CKafka", pkgConfig: "rdkafka", providers: [.apt(["librdkafka-dev"])]),
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    .systemLibrary(name: "CZstd", pkgConfig: "libzstd", providers: [.apt(["libzstd-dev"])]),
    .target(
      name: "CJSON", cxxSettings: [.unsafeFlags(["-std=c++17", "-O2"])],
      linkerSettings: [.linkedLibrary("simdjson"), .linkedLibrary("stdc++")]),

    // What statement lines are recognised by, as bytes: lists and a trained model. No code of its own.
    .target(name: "CWords"),
    // The files of the web application, embedded by the C compiler: `scripts/web` writes the list.
    .target(name: "CWeb", exclude: ["files"], cSettings: [.unsafeFlags(["-std=gnu23"])]),

    // 1  the ground: what every floor stands on.
    .target(name: "Basics", swiftSettings: house),
    .target(name: "JSON", dependencies: ["Basics", "CJSON"], swiftSettings: touchesC),
    .target(name: "Finance", dependencies: ["Basics"], swiftSettings: house),
    .target(name: "Crypto", dependencies: ["Basics", "CSodium", "COpenSSL"], swiftSettings: touchesC),
    .target(name: "Databases", dependencies: ["Basics", "CPostgres", "CSQLite", "CZstd"], swiftSettings: touchesC),
    .target(name: "HTTP", dependencies: ["Basics", "CMicroHTTPD", "CCurl", "CZlib"], swiftSettings: touchesC),

    .target(name: "Recognition", dependencies: ["CWords"], swiftSettings: touchesC),
    .target(name: "Web", dependencies: ["CWeb"], swiftSettings: touchesC),

    // 2  the tools.
    .target(name: "Jobs", dependencies: ["Basics", "Databases"], swiftSettings: house),
    .target(name: "Store", dependencies: ["Basics", "Finance", "Databases", "Crypto"], swiftSettings: house),
    .target(name: "Plaid", dependencies: ["Basics", "Finance", "HTTP", "Crypto", "JSON"], swiftSettings: house),

    .target(name: "Kafka", dependencies: ["Basics", "CKafka"], swiftSettings: touchesC),

    // 3  the work.
    .target(name: "Sync", dependencies: ["Basics", "Finance", "Databases", "Store", "Jobs"], swiftSettings: house),
    .target(
      name: "Categories", dependencies: ["Basics", "JSON", "Finance", "Databases", "Store", "Recognition", "CPCRE2"],
      swiftSettings: touchesC),
    .target(name: "Insights", dependencies: ["Basics", "Finance", "Databases", "Store"], swiftSettings: house),
    .target(name: "Interchange", dependencies: ["Basics", "Finance", "Databases", "Store"], swiftSettings: house),

    // Beside the house: a bank that speaks Plaid's protocol. It shares no wire type with `Plaid`.
    .target(name: "Sandbox", dependencies: ["Basics", "Finance", "HTTP", "Crypto", "JSON"], swiftSettings: house),

    // 4  the door.
    .target(
      name: "API",
      dependencies: [
        "Basics", "JSON", "Finance", "Crypto", "Databases", "HTTP", "Store", "Jobs", "Plaid", "Sync", "Categories",
        "Recognition", "Insights", "Interchange", "Web",
      ], swiftSettings: house),
    .target(
      name: "App",
      dependencies: [
        "Basics", "JSON", "Finance", "Crypto", "Databases", "HTTP", "Store", "Jobs", "Plaid", "Sync", "Categories",
        "Recognition", "Insights", "Interchange", "Web",
        "Sandbox", "API", "Kafka",
      ], swiftSettings: house),
    .executableTarget(name: "magpie", dependencies: ["App"], swiftSettings: house),

    // Tests. Workshop holds fixtures shared by them.
    .target(
      name: "Workshop",
      dependencies: ["Basics", "JSON", "Finance", "Crypto", "Databases", "HTTP", "Store", "Plaid", "Sync", "Insights"],
      path: "Tests/Workshop", swiftSettings: house),
    // Measured steps, run by `make bench`; the second is the limit that the first is held against.
    .executableTarget(
      name: "magpie-bench",
      dependencies: [
        "Basics", "JSON", "Finance", "Databases", "HTTP", "Store", "Plaid", "Sync", "Categories", "Sandbox",
      ],
      path: "Tests/Bench/Ours", swiftSettings: house),
    .executableTarget(
      name: "magpie-bench-raw", dependencies: ["CSQLite"], path: "Tests/Bench/Raw",
      cSettings: [.unsafeFlags(["-O2"])]),
    // How good the recognition of statement lines is, and what its training reads: `make accuracy`, `make train`.
    .executableTarget(
      name: "magpie-accuracy", dependencies: ["Recognition"], path: "Tests/Accuracy", swiftSettings: house),
    .testTarget(name: "RecognitionTests", dependencies: ["Recognition"], swiftSettings: house),
    .testTarget(name: "BasicsTests", dependencies: ["Basics"], swiftSettings: house),
    .testTarget(name: "JSONTests", dependencies: ["JSON", "Basics"], swiftSettings: house),
    .testTarget(name: "FinanceTests", dependencies: ["Finance", "Basics"], swiftSettings: house),
    .testTarget(name: "CryptoTests", dependencies: ["Crypto", "Basics"], swiftSettings: house),
    .testTarget(name: "DatabasesTests", dependencies: ["Databases", "Basics", "Workshop"], swiftSettings: house),
    .testTarget(name: "HTTPTests", dependencies: ["HTTP", "Basics", "Workshop"], swiftSettings: house),
    .testTarget(
      name: "StoreTests", dependencies: ["Store", "Databases", "Finance", "Crypto", "Basics", "Workshop"],
      swiftSettings: house),
    .testTarget(
      name: "PlaidTests", dependencies: ["Plaid", "Finance", "HTTP", "JSON", "Crypto", "Basics", "Workshop"],
      swiftSettings: house),
    .testTarget(
      name: "SandboxTests", dependencies: ["Sandbox", "Finance", "HTTP", "JSON", "Crypto", "Basics"],
      swiftSettings: house),
    .testTarget(
      name: "JobsTests", dependencies: ["Jobs", "Store", "Databases", "Finance", "Basics", "Workshop"],
      swiftSettings: house),
    .testTarget(
      name: "SyncTests",
      dependencies: ["Sync", "Store", "Databases", "Finance", "Crypto", "JSON", "Basics", "Workshop"],
      swiftSettings: house),
    .testTarget(
      name: "CategoriesTests",
      dependencies: [
        "Categories", "Recognition", "JSON", "Store", "Sync", "Databases", "Finance", "Basics", "Workshop",
      ], swiftSettings: house),
    .testTarget(
      name: "InterchangeTests", dependencies: ["Interchange", "Store", "Finance", "Basics"], swiftSettings: house),
    .testTarget(
      name: "InsightsTests", dependencies: ["Insights", "Store", "Databases", "Finance", "Basics", "Workshop"],
      swiftSettings: house),
    .testTarget(
      name: "APITests",
      dependencies: [
        "API", "Sandbox", "HTTP", "JSON", "Store", "Jobs", "Databases", "Finance", "Crypto", "Plaid", "Sync", "Basics",
        "Workshop", "Web",
      ],
      swiftSettings: house),
    .testTarget(
      name: "AppTests",
      dependencies: [
        "App", "API", "Sandbox", "HTTP", "JSON", "Store", "Jobs", "Databases", "Finance", "Crypto", "Plaid", "Sync",
        "Insights", "Basics", "Workshop",
      ],
      swiftSettings: house),
    .testTarget(name: "KafkaTests", dependencies: ["Kafka", "CKafka", "Basics"], swiftSettings: house),
    .testTarget(name: "HouseTests", swiftSettings: house),
  ],
  cxxLanguageStandard: .cxx17
)

// With MAGPIE_FUZZ set it is a smaller package: what reads what strangers send, instrumented for libFuzzer.
if Context.environment["MAGPIE_FUZZ"] != nil {
  let kept: Set = ["CMicroHTTPD", "CSodium", "COpenSSL", "CCurl", "CZlib", "CJSON"]
  let instrumented = ["Basics", "JSON", "Finance", "Crypto", "HTTP"]
  let watched: [SwiftSetting] = [.unsafeFlags(["-sanitize=fuzzer,address"])]
  package.products = []
  package.targets = package.targets.filter { kept.contains($0.name) || instrumented.contains($0.name) }
  for target in package.targets {
    if instrumented.contains(target.name) { target.swiftSettings = (target.swiftSettings ?? []) + watched }
    if target.name == "CJSON" {
      target.cxxSettings = [.unsafeFlags(["-std=c++17", "-O1", "-fsanitize=fuzzer-no-link,address"])]
    }
  }
  package.targets += [
    .target(
      name: "API", dependencies: ["Basics", "JSON", "Finance", "Crypto", "HTTP"], exclude: ["Operations/Door.swift"],
      sources: ["Operations", "Manners/Finishing.swift"], swiftSettings: house + watched),
    .target(
      name: "Interchange", dependencies: ["Basics", "Finance"],
      exclude: ["Importing.swift", "Journal.swift", "JournalReading.swift"], swiftSettings: house + watched),
    .systemLibrary(name: "CFuzzer", path: "Tests/Fuzz/CFuzzer"),
    .executableTarget(
      name: "magpie-fuzz",
      dependencies: ["Basics", "JSON", "Finance", "Crypto", "HTTP", "API", "Interchange", "CFuzzer"],
      path: "Tests/Fuzz/Targets", swiftSettings: house + watched,
      linkerSettings: [.unsafeFlags(["-sanitize=fuzzer,address", "-use-ld=lld"])]),
  ]
}
