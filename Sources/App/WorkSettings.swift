package import API
import Basics
import Finance
import HTTP
package import Jobs

/// The settings of work that goes on by itself.
package struct WorkSettings: Sendable {
  package var sync: Cron?
  package var balances: Cron?
  /// Whether that asks the bank itself, at a price.
  package var hasLiveBalances: Bool
  /// Jobs at a time in `magpie serve`; 0: others do them.
  package var workers: Int
  /// What may ask banks at a time.
  package var limits: JobLimits
  package var callsPerDay: Int
  package var proxies: [String]
  /// Where outgoing webhooks may go besides the world.
  package var outgoing: [String]
  package var prices: BilledPrices

  static func read(_ reader: inout SettingReader) -> WorkSettings {
    func cron(_ text: String) -> Cron?? { text == "off" ? .some(nil) : (try? Cron(text)).map { .some($0) } }
    func jobs(_ text: String) -> Int? { Int(text).flatMap { (1...1_000).contains($0) ? $0 : nil } }
    let wanted = "five fields as cron has them, such as 0 2 * * *, or off"
    return WorkSettings(
      sync: reader.read(.syncSchedule, wanted: wanted, cron) ?? nil,
      balances: reader.readIfSet(.balanceSchedule, wanted: wanted, cron) ?? nil,
      hasLiveBalances: reader.read(.liveBalances, wanted: "on or off") { ["on": true, "off": false][$0] } ?? false,
      workers: reader.read(.workers, wanted: "a number from 0 to 64") { text in
        Int(text).flatMap { (0...64).contains($0) ? $0 : nil }
      } ?? 0,
      limits: JobLimits(
        providerMax: reader.read(.providerJobs, wanted: "a number from 1 to 1000", jobs) ?? 1,
        institutionMax: reader.read(.bankJobs, wanted: "a number from 1 to 1000", jobs) ?? 1),
      callsPerDay: reader.read(.callsPerDay, wanted: "a number from 10 to 1000000") { text in
        Int(text).flatMap { (10...1_000_000).contains($0) ? $0 : nil }
      } ?? 0,
      proxies: reader.list(.trustedProxies, wanted: "addresses or blocks with commas, such as 10.0.0.0/8") { word in
        AddressBlock(word) != nil
      },
      outgoing: reader.readIfSet(
        .outgoingAllow, wanted: "addresses or blocks with commas, such as 10.1.0.0/16"
      ) { text in
        let words = text.split(separator: ",", omittingEmptySubsequences: false).map { String($0.filter { $0 != " " }) }
        return words.allSatisfy { AddressBlock($0) != nil } ? words : nil
      } ?? [],
      prices: reader.read(.prices, wanted: "such as \(BilledPrices.standardText)") { BilledPrices($0) } ?? .standard)
  }

  func schedule(_ zone: TimeZone) -> BankSchedule { BankSchedule(sync: sync, balances: balances, zone: zone) }

  var outgoingRules: OutgoingRules { OutgoingRules(allowed: outgoing.compactMap { AddressBlock($0) }) }

  var trusted: TrustedProxies { TrustedProxies(proxies.compactMap { AddressBlock($0) }) }

  func shown(_ setting: Setting) -> String? {
    switch setting.name {
    case Setting.syncSchedule.name: sync?.expression ?? "off"
    case Setting.balanceSchedule.name: balances?.expression
    case Setting.liveBalances.name: hasLiveBalances ? "on" : "off"
    case Setting.workers.name: String(workers)
    case Setting.providerJobs.name: String(limits.providerMax)
    case Setting.bankJobs.name: String(limits.institutionMax)
    case Setting.callsPerDay.name: String(callsPerDay)
    case Setting.trustedProxies.name: proxies.joined(separator: ",")
    case Setting.prices.name:
      "refresh=\(prices.refresh.decimal),balances=\(prices.balances.decimal)"
    case Setting.outgoingAllow.name: outgoing.isEmpty ? nil : outgoing.joined(separator: ",")
    default: nil
    }
  }
}
